package org.peerwire.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import org.peerwire.frame.FrameLimits;
import org.peerwire.frame.FrameReader;
import org.peerwire.frame.MessageId;

/** What it costs to read a byte, against how many there are and how they are cut. */
public final class DecodeCurve {
  private static final int ROUNDS = 9;
  private static final long LEAST_NANOS = 20_000_000;
  private static final int MOST = 1 << 24;
  private static final ThreadMXBean THREAD = ManagementFactory.getThreadMXBean();

  private DecodeCurve() {}

  /** Prints the curves as CSV. */
  @SuppressWarnings("SystemOut")
  public static void main(String[] args) {
    byte[] mixed = repeated(Streams.MIXED.bytes());
    System.out.println("curve,bytes,nanos a byte");
    for (int chunk : new int[] {1, 16, 1460, 1 << 16}) {
      for (int length = 1 << 12; length <= MOST; length <<= 2) {
        print("messages of all kinds; chunks of " + chunk, length, nanos(mixed, length, chunk));
      }
    }
    for (int length = 1 << 9; length <= 1 << 19; length <<= 2) {
      byte[] frame = bitfield(length);
      print("one bitfield; chunks of 1460", length, nanos(frame, frame.length, 1460));
    }
  }

  /** The stream over and over, up to the largest length. */
  private static byte[] repeated(byte[] stream) {
    byte[] all = new byte[MOST];
    for (int at = 0; at < MOST; at += stream.length) {
      System.arraycopy(stream, 0, all, at, Math.min(stream.length, MOST - at));
    }
    return all;
  }

  /** A message of this length in all. */
  private static byte[] bitfield(int length) {
    byte[] frame = new byte[length];
    ByteBuffer.wrap(frame).putInt(length - 4).put((byte) MessageId.BITFIELD);
    return frame;
  }

  @SuppressWarnings("SystemOut")
  private static void print(String curve, int length, double nanos) {
    System.out.printf(Locale.ROOT, "%s,%d,%.3f%n", curve, length, nanos);
  }

  private static double nanos(byte[] bytes, int length, int chunk) {
    double[] rounds = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      rounds[round] = once(bytes, length, chunk);
    }
    Arrays.sort(rounds);
    return rounds[ROUNDS / 2];
  }

  /** For each pass a new reader, so that nothing is carried on but what the bytes need. */
  private static double once(byte[] bytes, int length, int chunk) {
    ByteBuffer view = ByteBuffer.wrap(bytes);
    long from = THREAD.getCurrentThreadCpuTime();
    long spent = 0;
    long read = 0;
    while (spent < LEAST_NANOS) {
      CountingSink sink = new CountingSink();
      FrameReader reader = FrameReader.afterHandshake(FrameLimits.DEFAULT);
      for (int at = 0; at < length; at += chunk) {
        reader.read(view.limit(Math.min(at + chunk, length)).position(at), sink);
      }
      read += reader.position();
      spent = THREAD.getCurrentThreadCpuTime() - from;
    }
    return (double) spent / read;
  }
}
