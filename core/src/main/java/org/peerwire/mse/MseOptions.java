package org.peerwire.mse;

import java.time.Duration;
import java.util.List;
import org.peerwire.Violation;

/** The policy, the limits and the timeouts of encryption, in one immutable place. Safe to share. */
public final class MseOptions {
  /**
   * The most padding that either side may send at each of two places, in bytes: the specification's
   * limit.
   */
  static final int MAX_PADDING = 512;

  private final EncryptionPolicy policy;
  private final List<Encryption> methods;
  private final int padding;
  private final int maxInitialPayload;
  private final int maxSwallowed;
  private final int handshakesPerSecond;
  private final long keyNanos;
  private final long unknownTorrentNanos;

  private MseOptions(Builder from) {
    policy = from.policy;
    methods = from.methods;
    padding = from.padding;
    maxInitialPayload = from.maxInitialPayload;
    maxSwallowed = from.maxSwallowed;
    handshakesPerSecond = from.handshakesPerSecond;
    keyNanos = from.key.toNanos();
    unknownTorrentNanos = from.unknownTorrent.toNanos();
  }

  /** A policy, with the defaults for everything else. */
  public static MseOptions of(EncryptionPolicy policy) {
    return builder(policy).build();
  }

  /** A builder that begins with the defaults for that policy. */
  public static Builder builder(EncryptionPolicy policy) {
    return new Builder(policy);
  }

  /** Whether connections are encrypted. */
  public EncryptionPolicy policy() {
    return policy;
  }

  /** What may follow the handshake, the best first. */
  public List<Encryption> methods() {
    return methods;
  }

  int padding() {
    return padding;
  }

  int maxInitialPayload() {
    return maxInitialPayload;
  }

  int maxSwallowed() {
    return maxSwallowed;
  }

  int handshakesPerSecond() {
    return handshakesPerSecond;
  }

  long keyNanos() {
    return keyNanos;
  }

  long unknownTorrentNanos() {
    return unknownTorrentNanos;
  }

  /** Makes {@link MseOptions}. Each method names what it bounds, its range and its default. */
  public static final class Builder {
    private final EncryptionPolicy policy;
    private List<Encryption> methods;
    private int padding = MAX_PADDING;
    private int maxInitialPayload = 16 << 10;
    private int maxSwallowed = 4 << 10;
    private int handshakesPerSecond = 200;
    private Duration key = Duration.ofSeconds(5);
    private Duration unknownTorrent = Duration.ofSeconds(10);

    private Builder(EncryptionPolicy policy) {
      this.policy = policy;
      methods =
          policy == EncryptionPolicy.REQUIRE
              ? List.of(Encryption.RC4)
              : List.of(Encryption.RC4, Encryption.PLAINTEXT);
    }

    /**
     * What may follow the encrypted handshake: all of it is offered to those we dial, and the first
     * that the peer offers is selected for those who dial us. Default: RC4 alone if encryption is
     * required; else RC4, then plaintext.
     */
    public Builder methods(Encryption... bestFirst) {
      List<Encryption> value = List.of(bestFirst);
      if (value.isEmpty() || value.contains(Encryption.NONE)) {
        throw new IllegalArgumentException(value + " are no methods");
      }
      methods = value;
      return this;
    }

    /**
     * How much padding we send at most at each of two places, 0 to 512 bytes. Default 512; less
     * makes the handshake easier to tell by its length.
     */
    public Builder padding(int bytes) {
      padding = within(0, MAX_PADDING, bytes);
      return this;
    }

    /**
     * How much a peer may send along with its handshake, 68 to 65,535 bytes. Default 16 KiB; it is
     * not held, but handed on as it comes.
     */
    public Builder maxInitialPayload(int bytes) {
      maxInitialPayload = within(68, 0xffff, bytes);
      return this;
    }

    /**
     * How many encrypted handshakes may be begun with us in a second, in all, from 1. Default 200.
     */
    public Builder handshakesPerSecond(int value) {
      handshakesPerSecond = within(1, Integer.MAX_VALUE, value);
      return this;
    }

    /**
     * How long the peer's public key may take from its first byte on. Default 5 s. The handshakes
     * as a whole, this and BitTorrent's, have the time of {@link
     * org.peerwire.wire.WireOptions.Builder#handshakeTimeout}.
     */
    public Builder keyTimeout(Duration value) {
      if (value.isNegative() || value.isZero()) {
        throw new IllegalArgumentException(value + " is not positive");
      }
      key = value;
      return this;
    }

    /**
     * What becomes of a peer that asks for an unknown torrent, so that it does not learn that it is
     * unknown: the connection ends with {@link Violation#MSE_UNKNOWN_TORRENT} after a random time,
     * and no more than so many bytes are read meanwhile.
     *
     * @param longest from 0; default 10 s
     * @param swallowed in bytes, from 0; default 4 KiB
     */
    public Builder unknownTorrent(Duration longest, int swallowed) {
      if (longest.isNegative()) {
        throw new IllegalArgumentException(longest + " is negative");
      }
      unknownTorrent = longest;
      maxSwallowed = within(0, Integer.MAX_VALUE, swallowed);
      return this;
    }

    /** The options as they are now. */
    public MseOptions build() {
      return new MseOptions(this);
    }

    private static int within(int least, int most, int value) {
      if (value < least || value > most) {
        throw new IllegalArgumentException(value + " is not within " + least + " and " + most);
      }
      return value;
    }
  }
}
