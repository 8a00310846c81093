/** Bytes to frames and back: any cut of any stream, any bytes at all. */
@NullMarked
package org.peerwire.frame;

import org.jspecify.annotations.NullMarked;
