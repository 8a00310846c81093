package org.peerwire.client;

import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import org.peerwire.swarm.metainfo.Metainfo;

/** A torrent that is downloaded or seeded. All methods are for any thread and none blocks. */
public interface Transfer {
  /** What is transferred. */
  Metainfo torrent();

  /**
   * Done when every piece is verified and the files were forced to the disk; for a seed, when its
   * data was checked. It fails with a {@link TransferException} if that will not happen: when the
   * transfer fails, is stopped, or the client is closed. A copy: to complete or cancel it changes
   * nothing.
   *
   * <p>It is completed by a thread of the client that has the network to look after: use the {@code
   * Async} methods for what may take long.
   */
  CompletableFuture<TransferStatus> completion();

  /** How it goes now. */
  TransferStatus status();

  /**
   * Dials a peer, and dials it again, ever less often, whenever the connection is lost. Without
   * effect for an address that was added already, and once the transfer has ended.
   *
   * @throws IllegalArgumentException if the address is unresolved
   */
  void addPeer(InetSocketAddress peer);

  /** Tells a listener what happens from now on. A listener that comes late misses what was. */
  void listen(TransferListener listener);

  /**
   * Ends the transfer: connections are closed, what was verified is on disk, files and the lock on
   * the folder are released. The next run resumes from there. Repeated calls give the same result.
   *
   * @return done when all of that is done; never fails
   */
  CompletableFuture<Void> stop();
}
