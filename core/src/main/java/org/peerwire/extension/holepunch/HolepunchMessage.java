package org.peerwire.extension.holepunch;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.peerwire.IpAddress;
import org.peerwire.PeerAddress;

/**
 * One message of the extension.
 *
 * @param type what it is
 * @param address of the peer that it is about
 * @param error the code of an error, 1 to 4 in the specification; 0 in other messages
 */
record HolepunchMessage(Type type, PeerAddress address, int error) {
  private static final int V4 = 0;
  private static final int V6 = 1;

  /** What a message is, and its code. */
  enum Type {
    RENDEZVOUS(0),
    CONNECT(1),
    ERROR(2);

    private final int code;

    Type(int code) {
      this.code = code;
    }

    static @Nullable Type of(int code) {
      for (Type each : values()) {
        if (each.code == code) {
          return each;
        }
      }
      return null;
    }
  }

  /**
   *
   *
   * <pre>
   *   1 type | 1 address kind | 4 or 16 address | 2 port | 4 error
   * </pre>
   *
   * @return null if it can't be read
   */
  static @Nullable HolepunchMessage read(ByteBuffer in) {
    if (in.remaining() < 2) {
      return null;
    }
    Type type = Type.of(in.get());
    int kind = in.get();
    if (type == null || (kind != V4 && kind != V6)) {
      return null;
    }
    int length = kind == V4 ? IpAddress.V4_LENGTH : IpAddress.V6_LENGTH;
    if (in.remaining() != length + Short.BYTES + Integer.BYTES) {
      return null;
    }
    PeerAddress address = PeerAddress.readFrom(in, length);
    return new HolepunchMessage(type, address, in.getInt());
  }

  ByteBuffer write() {
    IpAddress ip = address.ip();
    ByteBuffer out = ByteBuffer.allocate(2 + ip.length() + Short.BYTES + Integer.BYTES);
    out.put((byte) type.code).put((byte) (ip.isV4() ? V4 : V6));
    address.writeTo(out);
    return out.putInt(error).flip();
  }
}
