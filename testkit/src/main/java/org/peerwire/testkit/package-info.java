/**
 * Tests without sockets, threads or waiting.
 *
 * <table>
 * <caption>Where to look</caption>
 * <tr><td>one wire against exact bytes</td><td>{@link ScriptedPeer}</td></tr>
 * <tr><td>two wires against each other</td><td>{@link WirePair}</td></tr>
 * <tr><td>what a wire raised, and that nothing else was</td><td>{@link EventRecorder}</td></tr>
 * <tr><td>time that moves only when told</td><td>{@link VirtualTime}</td></tr>
 * <tr><td>how bytes are cut into reads</td><td>{@link Cutter}</td></tr>
 * <tr><td>a network that is slow, uneven, and fails</td><td>{@link NetworkConditions}</td></tr>
 * <tr><td>bytes from hexadecimal digits or messages</td><td>{@link WireBytes}</td></tr>
 * <tr><td>randomness that can be replayed</td><td>{@link SplitMix64}, {@link MessageGenerator}</td></tr>
 * </table>
 *
 * <pre>{@code
 * EventRecorder events = new EventRecorder();
 * PeerWire wire = new PeerWire(events);
 * ScriptedPeer peer = new ScriptedPeer(wire);
 * wire.handshake(torrent, ourId);
 * peer.says(new Message.Handshake(theirs)).says("00000001 01 # unchoke");
 * events.expect("info-hash ...", "handshake ...", "unchoke");
 * events.assertNothingMore();
 * }</pre>
 *
 * <p>Two wires, over a network that a seed replays:
 *
 * <pre>{@code
 * SplitMix64 random = new SplitMix64(seed);       // print it when the test fails
 * WirePair pair = new WirePair(seeder, leecher).under(NetworkConditions.random(random), random);
 * leecher.handshake(torrent, ourId);
 * pair.advance(Duration.ofMinutes(3));            // takes milliseconds
 * }</pre>
 *
 * <p>It needs no test framework: what is not as expected is an {@link AssertionError}.
 */
@NullMarked
package org.peerwire.testkit;

import org.jspecify.annotations.NullMarked;
