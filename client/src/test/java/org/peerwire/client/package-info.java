/** Whole transfers over loopback, and what goes wrong with them. */
@NullMarked
package org.peerwire.client;

import org.jspecify.annotations.NullMarked;
