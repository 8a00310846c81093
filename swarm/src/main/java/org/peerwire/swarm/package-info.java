/**
 * One torrent over many wires, without I/O: which peers to connect to, which block to ask of whom,
 * whom to serve, whom to blame.
 *
 * <p>A {@link Swarm} has three sides. Its owner, the <em>client</em>, tells it what happened and
 * what time it is; it tells the client what to do through {@link SwarmActions} (dial, write,
 * verify, read); and it tells whoever watches through {@link SwarmListener} and {@link
 * SwarmStatus}. The wires that it hands out are driven by the client like any {@link
 * org.peerwire.wire.PeerWire}; the swarm is their listener.
 *
 * <p>There is no thread, clock, file, socket or randomness here: time and a seed come in as
 * numbers, so a hundred peers run on one thread in virtual time, and the same seed gives the same
 * run.
 *
 * <p>Inside: {@code PeerState} hears one wire. {@code Picker} knows which piece to begin next,
 * {@code PieceProgress} which block of a begun piece is where, {@code Downloads} asks for them,
 * {@code Pipeline} how many at once. {@code Blame} finds out who sent corrupt blocks, {@code
 * Choker} decides who is served, {@link org.peerwire.swarm.dial} who is dialled; {@code
 * PeerExtensions} is what a wire speaks more.
 */
@NullMarked
package org.peerwire.swarm;

import org.jspecify.annotations.NullMarked;
