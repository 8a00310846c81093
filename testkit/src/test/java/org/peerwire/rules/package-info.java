/**
 * What a wire promises whatever comes: properties over random runs, deadlines in virtual time, and
 * memory.
 */
@NullMarked
package org.peerwire.rules;

import org.jspecify.annotations.NullMarked;
