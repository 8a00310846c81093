/**
 * The nouns, and what the tests of all packages share: {@link SplitMix64} and {@link Allocation}.
 */
@NullMarked
package org.peerwire;

import org.jspecify.annotations.NullMarked;
