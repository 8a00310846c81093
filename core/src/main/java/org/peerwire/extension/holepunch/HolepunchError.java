package org.peerwire.extension.holepunch;

import org.jspecify.annotations.Nullable;

/** Why a relay can't bring two peers together. */
public enum HolepunchError {
  /** The address is not that of a peer. */
  NO_SUCH_PEER(1),
  /** The relay is not connected to the peer. */
  NOT_CONNECTED(2),
  /** The peer does not speak the extension. */
  NO_SUPPORT(3),
  /** The address is the relay's own. */
  NO_SELF(4);

  private final int code;

  HolepunchError(int code) {
    this.code = code;
  }

  /** The code on the wire. */
  public int code() {
    return code;
  }

  static @Nullable HolepunchError of(int code) {
    for (HolepunchError each : values()) {
      if (each.code == code) {
        return each;
      }
    }
    return null;
  }
}
