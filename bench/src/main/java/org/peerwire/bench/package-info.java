/**
 * JMH benchmarks: the codec and the whole wire beside the limits that nobody can beat, so that
 * every figure is a ratio taken in one run. {@code bench/README.md} says how to run them.
 */
@NullMarked
package org.peerwire.bench;

import org.jspecify.annotations.NullMarked;
