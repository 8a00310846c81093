/**
 * The protocol's nouns: what the other packages talk about, as plain values without behaviour of
 * their own.
 *
 * <table>
 * <caption>You want ... look at ...</caption>
 * <tr><td>to speak to a peer</td><td>{@code org.peerwire.wire.PeerWire}</td></tr>
 * <tr><td>who and what is spoken about</td><td>{@link InfoHash}, {@code PeerId}, {@code Handshake}</td></tr>
 * <tr><td>which pieces someone has</td><td>{@code Pieces}, {@code PieceSet}</td></tr>
 * <tr><td>how a torrent is cut</td><td>{@code PieceLayout}</td></tr>
 * <tr><td>what a peer can do wrong</td><td>{@code Violation}, {@code Profile}</td></tr>
 * </table>
 *
 * <p>Words: a torrent is cut into <em>pieces</em>; a <em>block</em> is the part of a piece that one
 * request asks for, told by the piece's index, the offset <em>begin</em> inside the piece, and a
 * length in bytes.
 */
@NullMarked
package org.peerwire;

import org.jspecify.annotations.NullMarked;
