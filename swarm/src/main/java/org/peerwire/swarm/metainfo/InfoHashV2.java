package org.peerwire.swarm.metainfo;

import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.peerwire.InfoHash;

/**
 * The whole info-hash of a v2 torrent: the SHA-256 of its info dictionary (<a
 * href="https://www.bittorrent.org/beps/bep_0052.html">BEP 52</a>). Immutable.
 */
public final class InfoHashV2 {
  /** The length, in bytes. */
  public static final int LENGTH = 32;

  private final byte[] bytes;

  private InfoHashV2(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * The info-hash with these bytes, which are copied.
   *
   * @throws IllegalArgumentException if there are not exactly 32
   */
  public static InfoHashV2 of(byte[] bytes) {
    if (bytes.length != LENGTH) {
      throw new IllegalArgumentException("a v2 info-hash has " + bytes.length + " bytes, not 32");
    }
    return new InfoHashV2(bytes.clone());
  }

  /** The first 20 bytes, which stand for the torrent in handshakes and with trackers. */
  public InfoHash truncated() {
    return InfoHash.of(Arrays.copyOf(bytes, InfoHash.LENGTH));
  }

  /** A copy of the 32 bytes. */
  public byte[] toBytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof InfoHashV2 that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** The 64 lower-case hexadecimal digits. */
  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }
}
