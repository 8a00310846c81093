package org.peerwire.wire;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.peerwire.InfoHash;

/**
 * Which pieces a peer is best allowed to request while it is choked (<a
 * href="https://www.bittorrent.org/beps/bep_0006.html">BEP 6</a>). They depend on the network the
 * peer is in and not on its address in there, so that many addresses of one network gain nothing.
 */
public final class AllowedFastSet {
  /** The most pieces that are allowed. */
  public static final int MAX = 10;

  private AllowedFastSet() {}

  /**
   * The pieces, in the order in which they are to be told.
   *
   * @param address of the peer, 4 bytes; for any other length, such as that of IPv6, for which
   *     there is no rule, there are no pieces
   * @param pieceCount the number of pieces of the torrent
   * @param count how many are wanted, from 0; at most {@link #MAX} are given, and at most all
   */
  public static int[] of(InfoHash infoHash, byte[] address, int pieceCount, int count) {
    int size = Math.min(Math.min(count, MAX), pieceCount);
    if (address.length != 4 || size <= 0) {
      return new int[0];
    }
    if (size == pieceCount) {
      return IntStream.range(0, size).toArray();
    }
    ByteBuffer seed = ByteBuffer.allocate(4 + InfoHash.LENGTH);
    infoHash.writeTo(seed.put(address, 0, 3).put((byte) 0));
    int[] pieces = new int[size];
    int found = 0;
    byte[] hash = seed.array();
    while (found < size) {
      hash = sha1(hash);
      ByteBuffer words = ByteBuffer.wrap(hash);
      while (words.hasRemaining() && found < size) {
        int piece = Integer.remainderUnsigned(words.getInt(), pieceCount);
        if (Arrays.stream(pieces, 0, found).noneMatch(each -> each == piece)) {
          pieces[found++] = piece;
        }
      }
    }
    return pieces;
  }

  private static byte[] sha1(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-1").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }
}
