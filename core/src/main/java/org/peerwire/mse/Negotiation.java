package org.peerwire.mse;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.peerwire.InfoHash;
import org.peerwire.Violation;

/**
 * One side of the encrypted handshake, in stages. Each stage knows how many bytes it needs; they
 * are held until they are there, at most {@link #HELD}, so that it does not matter how they were
 * cut.
 */
abstract class Negotiation {
  /**
   * The eight zero bytes by which both sides see that they have the same keys: the verification
   * constant, VC.
   */
  static final int VC = 8;

  /** crypto_provide or crypto_select, and the length of the padding behind it. */
  static final int METHOD_AND_PADDING = 4 + 2;

  /** The padding and what is searched for behind it. */
  private static final int HELD = MseOptions.MAX_PADDING + Secret.HASH;

  /** What became of the input. */
  enum Verdict {
    /** All of it was taken, and more is needed. */
    MORE,
    /** The handshake is done; what is left of the input belongs to the stream. */
    DONE,
    /** The peer asks for a torrent that is not here. */
    UNKNOWN_TORRENT,
    /** Others keep us too busy to compute keys for this one. */
    BUSY
  }

  final MseOptions options;
  final RandomSource random;
  final HandshakeOutput out;

  byte[] held = new byte[DiffieHellman.LENGTH];
  int count;
  int paddingLeft;

  @Nullable Secret secret;
  @Nullable Rc4 in;
  @Nullable Encryption result;
  @Nullable InfoHash infoHash;

  Negotiation(MseOptions options, RandomSource random, HandshakeOutput out) {
    this.options = options;
    this.random = random;
    this.out = out;
  }

  /**
   * Reads input up to the end of the handshake.
   *
   * @throws MseException if the peer broke a rule
   */
  abstract Verdict read(ByteBuffer input, long now);

  /** What encrypts our bytes from now on, or null if nothing does. */
  abstract @Nullable Encryptor encryptor();

  /** How many encrypted bytes of the stream the peer sends along with its handshake. */
  abstract int initialPayload();

  /** What came of plain BitTorrent until it was recognized. */
  final ByteBuffer start() {
    return ByteBuffer.wrap(held, 0, count);
  }

  /** How many more bytes the stage at hand needs at least. */
  abstract int missing();

  /**
   * Forgets the keys that are not in use; those of {@link #in} and {@link #encryptor} are left
   * alone.
   */
  void forget() {
    if (secret != null) {
      secret.wipe();
      secret = null;
    }
    Arrays.fill(held, (byte) 0);
  }

  /** Takes input until {@code needed} bytes are held. Returns whether they are. */
  final boolean collect(ByteBuffer input, int needed) {
    int part = Math.min(needed - count, input.remaining());
    input.get(held, count, part);
    count += part;
    return count == needed;
  }

  /**
   * Searches for the end of the peer's padding. Each byte is looked at when it comes, and compared
   * with the end of the pattern: nothing is searched twice.
   *
   * @return whether the last byte taken was the last one of {@code pattern}
   */
  final boolean findsEndOfPadding(ByteBuffer input, byte[] pattern) {
    int length = pattern.length;
    while (input.hasRemaining()) {
      held[count++] = input.get();
      if (count >= length && Arrays.equals(held, count - length, count, pattern, 0, length)) {
        return true;
      }
      if (count == MseOptions.MAX_PADDING + length) {
        throw new MseException(Violation.MSE_SYNC, "not within " + count + " bytes");
      }
    }
    return false;
  }

  /** Makes room for the search. */
  final void expectPadding() {
    held = new byte[HELD];
    count = 0;
  }

  /** Decrypts what is held and lets the next stage begin. */
  final ByteBuffer decrypted(Rc4 cipher) {
    cipher.apply(held, 0, count);
    ByteBuffer plain = ByteBuffer.wrap(held, 0, count);
    count = 0;
    return plain;
  }

  /** Reads how much padding comes. */
  final void readPaddingLength(ByteBuffer plain) {
    paddingLeft = plain.getChar();
    if (paddingLeft > MseOptions.MAX_PADDING) {
      throw new MseException(Violation.MSE_PAD, paddingLeft + " bytes");
    }
  }

  /** Drops padding. Returns whether all of it is gone. */
  final boolean skipsPadding(ByteBuffer input, Rc4 cipher) {
    int part = Math.min(paddingLeft, input.remaining());
    input.position(input.position() + part);
    cipher.skip(part);
    paddingLeft -= part;
    return paddingLeft == 0;
  }

  /** Our public key and random padding: what either side begins with. */
  final void sayKey(byte[] publicKey) {
    out.add(publicKey);
    byte[] padding = new byte[paddingLength()];
    random.nextBytes(padding);
    out.add(padding);
  }

  /** How much padding we send this time. */
  final int paddingLength() {
    byte[] bytes = new byte[2];
    random.nextBytes(bytes);
    return ByteBuffer.wrap(bytes).getChar() % (options.padding() + 1);
  }

  /** For fields that a stage has set when a later one begins. */
  static <T> T known(@Nullable T value) {
    if (value == null) {
      throw new IllegalStateException("a stage came too early");
    }
    return value;
  }
}
