package org.peerwire.client;

import java.net.InetSocketAddress;
import org.peerwire.Pieces;
import org.peerwire.mse.Encryption;
import org.peerwire.swarm.tracker.TrackerStatus;

/**
 * What happens in a transfer, one method a kind of event. Events come one at a time and in order,
 * on a thread of the client that has the network to look after: return soon, and don't wait for the
 * transfer there.
 *
 * <p>What a listener throws ends nothing: it is dropped.
 */
public interface TransferListener {
  /**
   * The data on disk was looked at; peers are spoken to from now on.
   *
   * @param verified the pieces that are there, of those to be fetched: a copy
   */
  default void checked(Pieces verified) {}

  /**
   * A piece has the right hash and was written.
   *
   * @param piece piece index, from 0
   */
  default void pieceVerified(int piece) {}

  /**
   * A piece had the wrong hash. It is fetched again.
   *
   * @param piece piece index, from 0
   */
  default void pieceRejected(int piece) {}

  /**
   * Both handshakes with a peer are done.
   *
   * @param encryption what protects the connection
   */
  default void peerConnected(InetSocketAddress peer, Encryption encryption) {}

  /**
   * A connection ended, or could not be made.
   *
   * @param downloaded bytes of blocks that came over it
   * @param uploaded bytes of blocks that went over it
   * @param cause why, as one line for a person; fit to be shown
   */
  default void peerDisconnected(
      InetSocketAddress peer, long downloaded, long uploaded, String cause) {}

  /** A tracker has answered an announce, or failed to. */
  default void trackerAnnounced(TrackerStatus tracker) {}

  /**
   * Something is wrong and the transfer goes on.
   *
   * @param sentence for a person; fit to be shown
   */
  default void warning(String sentence) {}
}
