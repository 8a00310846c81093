/**
 * Message stream encryption (MSE, also called PE), as a layer between a connection and a wire,
 * without I/O: {@link Mse} puts an {@link MseTransport} under a {@link org.peerwire.wire.PeerWire},
 * for either side.
 *
 * <pre>
 *   initiator                                                acceptor
 *
 *   Ya, PadA                              ---------------->  20 bytes tell plain BitTorrent apart;
 *                                                            96 make a key, from both keys comes S
 *   S                                     &lt;----------------  Yb, PadB
 *   H(req1 S)                             ---------------->  PadA ends here
 *   H(req2 SKEY) xor H(req3 S)                               SKEY, the info-hash: looked up by H(req2 SKEY)
 *   [ VC, provide, len PadC, PadC, len IA ]                  VC proves the keys; a method is selected
 *   [ IA ]                                                   IA, our BitTorrent handshake, goes to the wire
 *   PadB ends at [ VC ]                   &lt;----------------  [ VC, select, len PadD, PadD ]
 *   the stream, as selected               &lt;--------------->  the stream, as selected
 *
 *   [ ] with RC4; the keys are H(keyA S SKEY) for the initiator's bytes, H(keyB S SKEY) for the acceptor's
 * </pre>
 *
 * <table>
 * <caption>You want ... look at ...</caption>
 * <tr><td>to encrypt connections</td><td>{@link Mse}</td></tr>
 * <tr><td>to insist on it, or to set limits</td><td>{@link EncryptionPolicy}, {@link MseOptions}</td></tr>
 * <tr><td>to know what was agreed on</td><td>{@link MseTransport#encryption}</td></tr>
 * <tr><td>to serve many torrents</td><td>{@link TorrentTable}, {@link Torrents}</td></tr>
 * <tr><td>what can go wrong</td><td>{@link org.peerwire.Violation}, from {@code MSE_BAD_KEY} on</td></tr>
 * </table>
 *
 * <p>It hides the protocol from whoever sorts traffic by its looks. It does not keep a secret:
 * whoever knows the info-hash can sit in the middle, and RC4 is broken.
 */
@NullMarked
package org.peerwire.mse;

import org.jspecify.annotations.NullMarked;
