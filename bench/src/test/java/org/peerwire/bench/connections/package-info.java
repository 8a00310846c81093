/** Tests of a listener as a process of its own, by many peers or with few descriptors. */
@NullMarked
package org.peerwire.bench.connections;

import org.jspecify.annotations.NullMarked;
