package org.peerwire.bench;

import java.nio.ByteBuffer;

/** What nobody can beat: the least work that any reader or writer does. */
final class Limits {
  private Limits() {}

  /** Copies the chunks, as whoever touches every byte must. */
  static Contestant copy(Streams stream, int chunk) {
    byte[] bytes = stream.bytes();
    byte[] target = new byte[chunk];
    return () -> {
      for (int at = 0; at < bytes.length; at += chunk) {
        System.arraycopy(bytes, at, target, 0, Math.min(chunk, bytes.length - at));
      }
      return target[0];
    };
  }

  /** Reads lengths and fields: no checks, no state, no calls, everything in one piece. */
  static Contestant bareRead(Streams stream) {
    ByteBuffer in = ByteBuffer.wrap(stream.bytes());
    return () -> {
      long sum = 0;
      for (int at = 0, end = in.limit(); at < end; ) {
        int length = in.getInt(at);
        if (length > 0) {
          int id = in.get(at + 4);
          sum += id;
          if (length >= 5 && id != 20) {
            sum += in.getInt(at + 5);
          }
          if (length >= 13) {
            sum += in.getInt(at + 9) + in.getInt(at + 13);
          }
        }
        at += 4 + length;
      }
      return sum;
    };
  }

  /** The same from chunks that may be a byte each, as {@link Chunks} hands them over. */
  static Contestant bareCalls(Streams stream, int chunk) {
    Chunks chunks = new Chunks(stream, chunk);
    ByteByByte reader = new ByteByByte();
    return () -> {
      chunks.forEach(reader::take);
      return reader.sum;
    };
  }

  /** Takes frames cut anywhere, with a number for where it is in one and another for the field. */
  private static final class ByteByByte {
    private int read;
    private int length;
    private int field;
    long sum;

    void take(ByteBuffer in) {
      while (in.hasRemaining()) {
        field = (field << 8) | (in.get() & 0xff);
        read++;
        if (read == 4) {
          length = field;
        } else if (read == 5 || read == 9 || read == 13 || read == 17) {
          sum += field;
        }
        if (read >= 4 && read == 4 + length) {
          read = 0;
        }
      }
    }
  }

  /** Puts the fields of {@link Streams#SMALL}, without checks or calls. */
  static Contestant bareWrite(Streams stream) {
    ByteBuffer target = ByteBuffer.wrap(new byte[stream.bytes().length]);
    return () -> {
      ByteBuffer out = target.clear();
      for (int i = 0; i < stream.messages / 3; i++) {
        out.putInt(5).put((byte) 4).putInt(i);
        out.putInt(13).put((byte) 6).putInt(i).putInt(0).putInt(16384);
        out.putInt(13).put((byte) 8).putInt(i).putInt(0).putInt(16384);
      }
      return out.position();
    };
  }
}
