package org.peerwire.extension.pex;

import org.peerwire.PeerAddress;

/**
 * A peer, as another one describes it.
 *
 * @param address where it listens
 * @param flags the bits below, and others that have no name yet; 0 to 255
 */
public record PexPeer(PeerAddress address, int flags) {
  /** It prefers encrypted connections. */
  public static final int ENCRYPTION = 0x01;

  /** It downloads nothing. */
  public static final int SEED = 0x02;

  /** It speaks uTP. */
  public static final int UTP = 0x04;

  /** It speaks {@code ut_holepunch}. */
  public static final int HOLEPUNCH = 0x08;

  /** It was called, and can be. */
  public static final int REACHABLE = 0x10;

  /** Whether a flag is set. */
  public boolean is(int flag) {
    return (flags & flag) != 0;
  }
}
