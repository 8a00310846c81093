/** The wire under a fuzzer. Its behaviour is tested in testkit, which has the tools for it. */
@NullMarked
package org.peerwire.wire;

import org.jspecify.annotations.NullMarked;
