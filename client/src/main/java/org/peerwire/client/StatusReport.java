package org.peerwire.client;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.peerwire.PeerAddress;
import org.peerwire.PieceSet;
import org.peerwire.client.storage.PieceCheck;
import org.peerwire.client.storage.StorageException;
import org.peerwire.client.tracker.Announcing;
import org.peerwire.swarm.Stall;
import org.peerwire.swarm.Swarm;
import org.peerwire.swarm.SwarmStatus;
import org.peerwire.swarm.metainfo.Metainfo;

/** How a transfer stands, put together from those who know. Belongs to the event loop. */
final class StatusReport {
  private final Metainfo torrent;
  private final Goal goal;
  private final TransferDisk disk;
  private final Announcing announcing;
  private final EncryptionLedger encryption;
  private final Function<PeerAddress, InetSocketAddress> addresses;

  StatusReport(
      Metainfo torrent,
      Goal goal,
      TransferDisk disk,
      Announcing announcing,
      EncryptionLedger encryption,
      Function<PeerAddress, InetSocketAddress> addresses) {
    this.torrent = torrent;
    this.goal = goal;
    this.disk = disk;
    this.announcing = announcing;
    this.encryption = encryption;
    this.addresses = addresses;
  }

  /**
   * Before there is a swarm.
   *
   * @param checked whether all that lies there was read
   */
  TransferStatus alone(TransferStatus.Phase phase, boolean checked) {
    PieceCheck check = disk.check();
    PieceSet verified =
        checked ? Goal.copyOf(check.verified()) : new PieceSet(torrent.pieceCount());
    PieceSet done = goal.among(verified);
    return new TransferStatus(
        phase,
        verified,
        done.count(),
        goal.count(),
        check.bytesLooked(),
        Failures.bytesOf(torrent, done),
        goal.bytes(),
        0,
        0,
        0,
        0,
        0,
        List.of(),
        announcing.status(),
        Optional.empty());
  }

  TransferStatus among(Swarm swarm, TransferStatus.Phase phase, long now) {
    SwarmStatus status = swarm.status(now);
    List<PeerStatus> rows = new ArrayList<>(status.peers().size());
    for (org.peerwire.swarm.PeerStatus peer : status.peers()) {
      rows.add(row(peer));
    }
    boolean moves =
        disk.obstacle() == null
            && (status.stall() == Stall.NONE
                || status.stall() == Stall.COMPLETE
                || status.stall() == Stall.CLOSED);
    return new TransferStatus(
        phase,
        Goal.copyOf(swarm.verified()),
        status.pieces(),
        status.pieceCount(),
        disk.check().bytesLooked(),
        status.bytes(),
        status.totalBytes(),
        status.downloaded(),
        status.uploaded(),
        status.wasted() + status.corrupt(),
        status.downloadSpeed(),
        status.uploadSpeed(),
        List.copyOf(rows),
        announcing.status(),
        moves ? Optional.empty() : Optional.of(why(status)));
  }

  /** Why nothing moves. */
  String why(SwarmStatus status) {
    StorageException obstacle = disk.obstacle();
    if (obstacle != null) {
      return (obstacle.kind() == StorageException.Kind.FULL
              ? "the disk is full, and it goes on when there is room: "
              : "the disk fails, and is tried again: ")
          + obstacle.getMessage();
    }
    Optional<String> refusal =
        status.peers().isEmpty() ? encryption.refusal() : Optional.<String>empty();
    return refusal.orElseGet(
        () -> status.why() + TrackerWords.why(status.stall(), announcing.status()));
  }

  private PeerStatus row(org.peerwire.swarm.PeerStatus peer) {
    return new PeerStatus(
        addresses.apply(peer.address()),
        !peer.outgoing(),
        Optional.ofNullable(peer.peerId()),
        Optional.ofNullable(peer.client()).filter(name -> !name.isBlank()),
        encryption.of(peer.address()),
        peer.pieces(),
        peer.amChoking(),
        peer.amInterested(),
        peer.peerChoking(),
        peer.peerInterested(),
        peer.requests(),
        peer.snubbed(),
        peer.downloaded(),
        peer.uploaded(),
        peer.downloadSpeed(),
        peer.uploadSpeed());
  }
}
