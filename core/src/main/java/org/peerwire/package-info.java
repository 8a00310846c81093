/**
 * The protocol's nouns: what the other packages talk about, as plain values without behaviour of
 * their own.
 *
 * <table>
 * <caption>You want ... look at ...</caption>
 * <tr><td>to speak to a peer</td><td>{@code org.peerwire.wire.PeerWire}</td></tr>
 * <tr><td>who and what is spoken about</td><td>{@link InfoHash}, {@link PeerId}, {@link Handshake}</td></tr>
 * <tr><td>which pieces someone has</td><td>{@link Pieces}, {@link PieceSet}</td></tr>
 * <tr><td>how a torrent is cut</td><td>{@link PieceLayout}</td></tr>
 * <tr><td>what a peer can do wrong</td><td>{@link Violation}, {@link Profile}</td></tr>
 * </table>
 *
 * <p>Words: a torrent is cut into <em>pieces</em>; a <em>block</em> is the part of a piece that one
 * request asks for, told by the piece's index, the offset <em>begin</em> inside the piece, and a
 * length in bytes.
 */
@NullMarked
package org.peerwire;

import org.jspecify.annotations.NullMarked;
