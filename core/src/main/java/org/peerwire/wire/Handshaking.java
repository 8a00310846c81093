package org.peerwire.wire;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.peerwire.Feature;
import org.peerwire.Handshake;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;

/** What matters only until the peer's handshake is in: a wire is rid of it then. */
final class Handshaking {
  /** Who the peer should be. */
  @Nullable PeerId expectedPeerId;

  /** The torrent that a layer under the wire has heard the peer name. */
  @Nullable InfoHash expectedInfoHash;

  /** The other info-hash of our torrent, if it has one. */
  @Nullable InfoHash upgrade;

  /** What the first half of the peer's handshake said. */
  private long reserved;

  private @Nullable InfoHash infoHash;

  /** Verbs that wait for the second half. */
  private @Nullable List<Runnable> deferred;

  /**
   * The first half of the peer's handshake is in.
   *
   * @param ours our handshake, if it was sent
   * @return the info-hash that was to be expected, if this one is not right, else null
   */
  @Nullable InfoHash firstHalf(long reservedBits, InfoHash named, @Nullable Handshake ours) {
    reserved = reservedBits;
    infoHash = named;
    InfoHash expected = ours == null ? expectedInfoHash : ours.infoHash();
    boolean right = expected == null || expected.equals(named) || isUpgrade(named, ours);
    return right ? null : expected;
  }

  /** The peer may answer our handshake with the other name of the torrent if ours offers that. */
  private boolean isUpgrade(InfoHash named, @Nullable Handshake ours) {
    InfoHash other = upgrade;
    return other != null && other.equals(named) && ours != null && ours.offers(Feature.V2_UPGRADE);
  }

  /** The second half is in, so this is the peer's handshake. */
  Handshake secondHalf(PeerId peerId, @Nullable Handshake ours) {
    InfoHash named = infoHash;
    if (named == null) {
      throw new IllegalStateException("a peer id without an info-hash");
    }
    // Many wires are of one torrent: its name is kept once.
    InfoHash name = ours != null && ours.infoHash().equals(named) ? ours.infoHash() : named;
    return new Handshake(reserved, name, peerId);
  }

  void defer(Runnable verb) {
    List<Runnable> verbs = deferred;
    if (verbs == null) {
      verbs = new ArrayList<>();
      deferred = verbs;
    }
    verbs.add(verb);
  }

  boolean hasDeferred() {
    return deferred != null;
  }

  void sayDeferred() {
    if (deferred != null) {
      deferred.forEach(Runnable::run);
    }
  }
}
