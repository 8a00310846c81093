package org.peerwire.bench;

import com.sun.management.ThreadMXBean;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * One contestant in a process of its own, so that nobody's compiled code depends on what others
 * did. Each line on stdin is a number of milliseconds of processor time to spend; it answers with
 * passes, nanoseconds of processor time, bytes allocated, and the sum of what the passes returned.
 * The node modules' worker speaks the same.
 */
public final class Worker {
  private Worker() {}

  /**
   * Runs it.
   *
   * @param args read or write, the contestant, the stream and the chunk length
   */
  public static void main(String[] args) {
    Streams stream = Streams.valueOf(args[2].toUpperCase(Locale.ROOT));
    // A thread as Netty's event loops are: on others it pools little.
    new FastThreadLocalThread(
            () -> {
              try {
                serve(Roster.find(args[0], args[1], stream, Integer.parseInt(args[3])));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            })
        .start();
  }

  /** Takes orders on stdin until it ends. */
  @SuppressWarnings("SystemOut")
  public static void serve(Contestant contestant) throws IOException {
    ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    System.out.println("ready");
    long kept = 0;
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      long nanos = Long.parseLong(line) * 1_000_000;
      long allocated = thread.getCurrentThreadAllocatedBytes();
      long from = thread.getCurrentThreadCpuTime();
      long passes = 0;
      long spent = 0;
      while (spent < nanos) {
        kept += contestant.pass();
        passes++;
        spent = thread.getCurrentThreadCpuTime() - from;
      }
      allocated = thread.getCurrentThreadAllocatedBytes() - allocated;
      System.out.println(passes + " " + spent + " " + allocated + " " + kept);
    }
  }
}
