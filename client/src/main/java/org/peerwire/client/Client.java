package org.peerwire.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import org.peerwire.swarm.metainfo.Metainfo;

/**
 * Moves torrents: event loop threads for the network, a pool of threads for disk and hashing, and a
 * listener for peers that connect to us, shared by all its transfers. All methods are for any
 * thread.
 */
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable"})
public final class Client implements AutoCloseable {
  private Client() {}

  /**
   * Starts a client.
   *
   * @throws IOException if it can't listen where it is told to; the message says where and why
   */
  public static Client open(ClientOptions options) throws IOException {
    throw new UnsupportedOperationException("not built yet");
  }

  /** Where the client listens, with the port that it got; empty if it does not. */
  public Optional<InetSocketAddress> listenAddress() {
    return Optional.empty();
  }

  /**
   * Downloads a torrent. What is in the folder already is checked first and not fetched again.
   * Returns at once; {@link Transfer#completion} tells the end.
   *
   * @param folder holds the content under the torrent's name; it is created if its parent is there.
   *     Nothing is written outside of it
   * @throws TransferException if it can't begin: another run has the folder, it may not be written,
   *     or the torrent is of a kind that is not supported
   * @throws IllegalStateException if the client is closed or has a transfer of this torrent
   */
  public Transfer download(Metainfo torrent, Path folder, TransferOptions options)
      throws IOException {
    throw new UnsupportedOperationException("not built yet");
  }

  /**
   * Serves a torrent whose data is there. All of it is checked first; {@link Transfer#completion}
   * is done once it is, or fails as {@link TransferException.Reason#MISMATCH} if not all of it is
   * right. Nothing is written or created. Returns at once.
   *
   * @param folder holds the content under the torrent's name
   * @throws TransferException if it can't begin: there is no such folder, or the torrent is of a
   *     kind that is not supported
   * @throws IllegalStateException if the client is closed or has a transfer of this torrent
   */
  public Transfer seed(Metainfo torrent, Path folder, TransferOptions options) throws IOException {
    throw new UnsupportedOperationException("not built yet");
  }

  /**
   * Stops all transfers and releases everything. Returns when that is done, or after 10 seconds.
   * Repeated calls do nothing.
   */
  @Override
  public void close() {}
}
