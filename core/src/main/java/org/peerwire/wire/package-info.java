/**
 * The wire: one connection's state and rules.
 *
 * <p>{@link PeerWire} is the application's face: verbs, state, and a {@link PeerListener} for
 * events. {@link Transport} is the transport's: bytes in, end of input, bytes out, time until
 * something is due, time has passed. A user of an adapter meets only the first.
 *
 * <pre>{@code
 * PeerWire wire = new PeerWire(new PeerListener() {
 *   public void onHandshake(PeerWire wire, Handshake theirs) {
 *     wire.handshake(theirs.infoHash(), ourPeerId);
 *   }
 *   public void onUnchoke(PeerWire wire) {
 *     wire.request(0, 0, Block.LENGTH, (outcome, piece, begin, block) -> ...);
 *   }
 * });
 * WirePipe.run(channel, wire);
 * }</pre>
 *
 * <p>Inside: {@code Side} holds what one side said and the rules for what it may say; a wire has
 * two of them. {@code Inbound} applies messages to the peer's side, {@code PeerWire}'s verbs to
 * ours. {@code Downloads} and {@code Uploads} hold the requests in either direction, {@code
 * Conduct} counts violations, {@code Deadlines} knows what is due.
 */
@NullMarked
package org.peerwire.wire;

import org.jspecify.annotations.NullMarked;
