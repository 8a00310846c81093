/**
 * Whom to dial next: the addresses that are known, who told them, and how fast they may be tried.
 *
 * <p>{@link org.peerwire.swarm.dial.Candidates} holds them. Whatever was not named by the user is
 * the claim of a stranger ({@link org.peerwire.swarm.dial.PeerSource}): {@code Admission} says
 * which claims are taken, {@code Pace} how fast they are followed, so that nobody can make us knock
 * at a victim's door, at a service of our own network, or at one attacker's addresses only. {@code
 * OurAddress} finds out where we are, by which <a
 * href="https://www.bittorrent.org/beps/bep_0040.html">BEP 40</a> orders the candidates.
 */
@NullMarked
package org.peerwire.swarm.dial;

import org.jspecify.annotations.NullMarked;
