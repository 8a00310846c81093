/**
 * What a torrent is: .torrent files (<a href="https://www.bittorrent.org/beps/bep_0003.html">BEP
 * 3</a>, <a href="https://www.bittorrent.org/beps/bep_0052.html">BEP 52</a>), magnet links (<a
 * href="https://www.bittorrent.org/beps/bep_0009.html">BEP 9</a>, <a
 * href="https://www.bittorrent.org/beps/bep_0053.html">BEP 53</a>), and where each piece lies in
 * the files.
 *
 * <pre>{@code
 * Metainfo torrent = Metainfo.parse(bytes);
 * torrent.pieceMap().forEachSpan(piece, begin, length, (file, at, from, count) -> ...);
 * MagnetLink link = MagnetLink.parse("magnet:?xt=urn:btih:...");
 * byte[] file = new MetainfoBuilder("name", 1 << 18).singleFile(length).build(hashes);
 * }</pre>
 *
 * <table>
 * <caption>You want ... look at ...</caption>
 * <tr><td>to read a torrent, or an info dictionary that peers sent</td><td>{@link Metainfo}</td></tr>
 * <tr><td>to know what is wrong with one</td><td>{@link MetainfoFault}</td></tr>
 * <tr><td>what was put up with</td><td>{@link MetainfoNotice}</td></tr>
 * <tr><td>where a block belongs</td><td>{@link PieceMap}</td></tr>
 * <tr><td>how names become safe</td><td>{@code SafeNames}, {@code SafePaths}</td></tr>
 * <tr><td>to make a torrent</td><td>{@link MetainfoBuilder}</td></tr>
 * </table>
 *
 * <p>Everything in a torrent is a stranger's word. What comes out of here is bounded, consistent,
 * and has names that stay inside the output folder on any platform.
 */
@NullMarked
package org.peerwire.swarm.metainfo;

import org.jspecify.annotations.NullMarked;
