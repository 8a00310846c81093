/** The encrypted handshake, against itself, against fixed bytes, and against whoever abuses it. */
@NullMarked
package org.peerwire.mse;

import org.jspecify.annotations.NullMarked;
