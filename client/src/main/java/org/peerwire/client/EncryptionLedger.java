package org.peerwire.client;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

  /** Peers without encryption, which is required. */
  private final Set<PeerAddress> refusing = new LinkedHashSet<>();

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
    refusing.remove(address);
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
    if (layer.encryption() == null && policy == EncryptionPolicy.REQUIRE) {
      refusing.add(address);
    }
    return false;
  }

  /**
   * How many peers did not agree to the encryption that is required, when they were dialled last.
   */
  int refusing() {
    return refusing.size();
  }

  /** Who did not agree to the encryption that is required. */
  Optional<String> refusal() {
    if (refusing.isEmpty()) {
      return Optional.empty();
    }
    int others = refusing.size() - 1;
    return Optional.of(
        "encryption is required, and "
            + refusing.iterator().next()
            + (others == 0 ? "" : others == 1 ? " and 1 other" : " and " + others + " others")
            + " did not agree to it");
  }
}
