/**
 * Downloads and seeds torrents: a {@link Client} moves the bytes, a {@link Transfer} tells how it
 * goes.
 *
 * <pre>{@code
 * Metainfo torrent = Metainfo.parse(Files.readAllBytes(file));
 * try (Client client = Client.open(ClientOptions.DEFAULT)) {
 *   Transfer transfer = client.download(torrent, folder, TransferOptions.DEFAULT);
 *   transfer.addPeer(new InetSocketAddress("127.0.0.1", 6881));
 *   transfer.completion().get();
 * }
 * }</pre>
 *
 * <table>
 * <caption>You want ... look at ...</caption>
 * <tr><td>to download or to seed</td><td>{@link Client}</td></tr>
 * <tr><td>to know how it goes</td><td>{@link TransferStatus}, {@link TransferListener}</td></tr>
 * <tr><td>to know why it went wrong</td><td>{@link TransferException}</td></tr>
 * <tr><td>to check data without a network</td><td>{@link DataCheck}</td></tr>
 * <tr><td>to make a torrent</td><td>{@link TorrentMaker}</td></tr>
 * <tr><td>how bytes get to the disk</td><td>{@code org.peerwire.client.storage}</td></tr>
 * <tr><td>how bytes get over the network</td><td>{@code org.peerwire.client.net}</td></tr>
 * </table>
 *
 * <p>A piece counts once its bytes had the right hash and were written without an error, and a
 * download is complete once all of them were forced to the disk.
 */
@NullMarked
package org.peerwire.client;

import org.jspecify.annotations.NullMarked;
