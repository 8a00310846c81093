/**
 * Tests of the swarm: whole swarms in virtual time ({@code Sim}), and the small classes one by one.
 */
@NullMarked
package org.peerwire.swarm;

import org.jspecify.annotations.NullMarked;
