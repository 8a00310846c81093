/** Runs the examples against each other. */
@NullMarked
package org.peerwire.examples;

import org.jspecify.annotations.NullMarked;
