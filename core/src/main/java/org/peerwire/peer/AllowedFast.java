package org.peerwire.peer;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.peerwire.InfoHash;
import org.peerwire.IpAddress;

/**
 * The pieces that a peer may request although we choke it, so that it has something to trade (<a
 * href="https://www.bittorrent.org/beps/bep_0006.html">BEP 6</a>). They follow from its address and
 * the torrent alone, so every peer offers it the same ones; and from the first 24 bits of the
 * address, so a network of 256 addresses collects no more than one machine does.
 */
public final class AllowedFast {
  /** How many pieces BEP 6 proposes. More would be an invitation to take without giving. */
  public static final int DEFAULT_COUNT = 10;

  private static final int[] NONE = {};

  private AllowedFast() {}

  /**
   * The pieces for a peer, each once, in the order in which the specification finds them.
   *
   * @param peer its address. For IPv6 the specification names no set, and this gives none
   * @param pieceCount the torrent's number of pieces, 0 or more
   * @param count how many, 0 to {@link #DEFAULT_COUNT}; all pieces if there are no more
   * @throws IllegalArgumentException if a number is out of range
   */
  public static int[] pieces(IpAddress peer, InfoHash torrent, int pieceCount, int count) {
    if (pieceCount < 0 || count < 0 || count > DEFAULT_COUNT) {
      throw new IllegalArgumentException(count + " of " + pieceCount + " pieces");
    }
    int wanted = Math.min(count, pieceCount);
    if (!peer.isV4() || wanted == 0) {
      return NONE;
    }
    byte[] x = new byte[IpAddress.V4_LENGTH + InfoHash.LENGTH];
    ByteBuffer seed = ByteBuffer.wrap(x);
    peer.writeTo(seed);
    x[IpAddress.V4_LENGTH - 1] = 0;
    torrent.writeTo(seed);

    int[] found = new int[wanted];
    int size = 0;
    MessageDigest sha1 = sha1();
    // It ends: no more pieces are wanted than there are, and the hash comes to all of them.
    while (true) {
      x = sha1.digest(x);
      for (ByteBuffer words = ByteBuffer.wrap(x); words.hasRemaining(); ) {
        int piece = Integer.remainderUnsigned(words.getInt(), pieceCount);
        if (!contains(found, size, piece)) {
          found[size++] = piece;
          if (size == wanted) {
            return found;
          }
        }
      }
    }
  }

  private static boolean contains(int[] found, int size, int piece) {
    return Arrays.stream(found, 0, size).anyMatch(each -> each == piece);
  }

  private static MessageDigest sha1() {
    try {
      return MessageDigest.getInstance("SHA-1");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
