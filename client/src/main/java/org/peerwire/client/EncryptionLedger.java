package org.peerwire.client;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.peerwire.PeerAddress;
import org.peerwire.mse.Encryption;
import org.peerwire.mse.EncryptionPolicy;
import org.peerwire.mse.MseTransport;

/**
 * What is known of the encryption of each peer, and so how it is dialled next. Where encryption is
 * preferred, a peer with which it failed gets one attempt in plaintext.
 */
final class EncryptionLedger {
  /** After as many attempts in a row a refusal is believed. */
  private static final int BELIEVED = 4;

  /** How many peers are remembered after their connections; the oldest are forgotten. */
  static final int MAX_REMEMBERED = 4_096;

  private final EncryptionPolicy policy;

  /** Under the wires of those that we dialled encrypted. */
  private final Map<PeerAddress, MseTransport> layers = new HashMap<>();

  /** How those came that dialled us. */
  private final Map<PeerAddress, Encryption> arrived = new HashMap<>();

  /**
   * Peers that are dialled in plaintext since encryption failed; true for those with which that
   * worked.
   */
  private final Map<PeerAddress, Boolean> downgraded = new LinkedHashMap<>();

  /** Peers that did not agree to the encryption that is required: how often in a row. */
  private final Map<PeerAddress, Integer> refusals = new LinkedHashMap<>();

  EncryptionLedger(EncryptionPolicy policy) {
    this.policy = policy;
  }

  /** Whether the peer is dialled encrypted. */
  boolean dialsEncrypted(PeerAddress address) {
    return policy != EncryptionPolicy.OFF && !downgraded.containsKey(address);
  }

  /** Such a layer, in which nothing is agreed on yet, lies under the wire of a peer we dialled. */
  void dialled(PeerAddress address, MseTransport layer) {
    layers.put(address, layer);
  }

  /** So a peer came that dialled us. */
  void arrived(PeerAddress address, Encryption encryption) {
    arrived.put(address, encryption);
  }

  /** What was agreed on with a peer. */
  Encryption of(PeerAddress address) {
    MseTransport layer = layers.get(address);
    Encryption agreed = layer == null ? arrived.get(address) : layer.encryption();
    return agreed == null ? Encryption.NONE : agreed;
  }

  /**
   * The peer has shaken hands.
   *
   * @return whether it did so in plaintext after encryption had failed, for the first time
   */
  boolean greeted(PeerAddress address) {
    refusals.remove(address);
    return layers.get(address) == null && downgraded.replace(address, false, true);
  }

  /**
   * The wire of a peer has ended.
   *
   * @return what lay under it, whose own end comes later and has to be told by {@link #ended}; null
   *     if there was nothing
   */
  @Nullable MseTransport gone(PeerAddress address) {
    arrived.remove(address);
    MseTransport layer = layers.remove(address);
    if (layer == null) {
      // Plaintext did not help either: the next attempt begins anew.
      downgraded.remove(address, false);
    }
    return layer;
  }

  /**
   * A connection under which encryption lay, or was to, has ended.
   *
   * @return whether the peer should be dialled again, in plaintext
   */
  boolean ended(PeerAddress address, MseTransport layer) {
    if (layer.mayRetryInPlaintext()) {
      downgraded.put(address, false);
      bound(downgraded);
      return true;
    }
    if (layer.encryption() != null) {
      refusals.remove(address);
    } else if (policy == EncryptionPolicy.REQUIRE) {
      refusals.merge(address, 1, Integer::sum);
      bound(refusals);
    }
    return false;
  }

  /** Whoever names peers to us could name ever more of them. */
  private static void bound(Map<PeerAddress, ?> peers) {
    if (peers.size() > MAX_REMEMBERED) {
      peers.remove(peers.keySet().iterator().next());
    }
  }

  /** How many peers are remembered by either list, whichever is longer. */
  int remembered() {
    return Math.max(refusals.size(), downgraded.size());
  }

  /**
   * In how many seconds a peer that has refused the encryption that is required is asked again: it
   * may only just have begun, and not have known the torrent. 0 if it is not, or has not refused.
   */
  long askedAgainIn(PeerAddress address) {
    int refused = refusals.getOrDefault(address, 0);
    return refused == 0 || refused >= BELIEVED ? 0 : 1L << (refused - 1);
  }

  /** How many peers will not agree to the encryption that is required. */
  int refusing() {
    return (int) refusals.values().stream().filter(refused -> refused >= BELIEVED).count();
  }

  /** Who did not agree to the encryption that is required. */
  Optional<String> refusal() {
    if (refusals.isEmpty()) {
      return Optional.empty();
    }
    int others = refusals.size() - 1;
    return Optional.of(
        "encryption is required, and "
            + refusals.keySet().iterator().next()
            + (others == 0 ? "" : others == 1 ? " and 1 other" : " and " + others + " others")
            + " did not agree to it");
  }
}
