/**
 * Short programs, each one idea. Begin with {@link org.peerwire.examples.Echo}, which is the first
 * program of the node module {@code peer-wire-protocol}.
 *
 * <table>
 *   <caption>What is where</caption>
 *   <tr><th>you want to</th><th>look at</th></tr>
 *   <tr><td>pipe a socket through a wire</td><td>{@link org.peerwire.examples.Echo}</td></tr>
 *   <tr><td>download a piece</td><td>{@link org.peerwire.examples.FetchPiece}</td></tr>
 *   <tr><td>do the same on Netty</td><td>{@link org.peerwire.examples.NettyFetch}</td></tr>
 *   <tr><td>do the same with {@link java.util.concurrent.Flow}</td><td>{@link org.peerwire.examples.FlowFetch}</td></tr>
 *   <tr><td>ask many peers what they are, on virtual threads</td><td>{@link org.peerwire.examples.Crawl}</td></tr>
 *   <tr><td>download what a magnet link names</td><td>{@link org.peerwire.examples.GetMagnet}</td></tr>
 *   <tr><td>serve every torrent of a folder</td><td>{@link org.peerwire.examples.ServeFolder}</td></tr>
 *   <tr><td>serve a file, for several torrents on one port</td><td>{@link org.peerwire.examples.ServeFile}</td></tr>
 * </table>
 *
 * <p>What stands between {@code region} and {@code endregion} is what the README and the guides
 * show.
 */
@NullMarked
package org.peerwire.examples;

import org.jspecify.annotations.NullMarked;
