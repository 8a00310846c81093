/**
 * Many connections to one listener: {@code Listener} and {@code Crowd} are two programs, which are
 * told what to do by lines on standard input and answer with lines, and {@code Connections}
 * measures what the first costs, beside libtorrent. {@code WireFootprint} weighs a wire alone.
 */
@NullMarked
package org.peerwire.bench.connections;

import org.jspecify.annotations.NullMarked;
