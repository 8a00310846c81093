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
  private static final int BELIEVED = 3;

  private final EncryptionPolicy policy;

  /** Under the wires of those that we dialled encrypted. */
  private final Map<PeerAddress, MseTransport> layers = new HashMap<>();

  /** How those came that dialled us. */
  private final Map<PeerAddress, Encryption> arrived = new HashMap<>();

  /**
   * Peers that are dialled in plaintext since encryption failed; true for those with which that
   * worked.
   */
  private final Map<PeerAddress, Boolean> downgraded = new HashMap<>();

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
      return true;
    }
    if (layer.encryption() != null) {
      refusals.remove(address);
    } else if (policy == EncryptionPolicy.REQUIRE) {
      refusals.merge(address, 1, Integer::sum);
    }
    return false;
  }

  /**
   * Whether a peer has refused the encryption that is required, but not often enough to be
   * believed: it may only just have begun, and not have known the torrent.
   */
  boolean mayAgreeLater(PeerAddress address) {
    int refused = refusals.getOrDefault(address, 0);
    return refused > 0 && refused < BELIEVED;
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
