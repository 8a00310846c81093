/**
 * Reading and writing bencode, beside others. {@code bench/README.md} says how to run it and what
 * was measured.
 */
@NullMarked
package org.peerwire.bench.bencode;

import org.jspecify.annotations.NullMarked;
