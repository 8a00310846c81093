/** Measures what is private to the swarm's package. */
@NullMarked
package org.peerwire.swarm;

import org.jspecify.annotations.NullMarked;
