package org.peerwire.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The same contestants under JMH, for its profilers. Comparing is {@link Contest}'s job: JMH runs
 * one after the other, and the machine is not the same a minute later.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class StreamBenchmark {
  /** read or write. */
  @Param("read")
  public String way = "read";

  /** A name of the roster. */
  @Param({"bare", "frames", "wire", "netty"})
  public String who = "frames";

  /** Which stream. */
  @Param({"PIECE", "SMALL", "MIXED"})
  public Streams stream = Streams.PIECE;

  /** In how many bytes it comes at a time. */
  @Param({"65536", "1460"})
  public int chunk;

  private Contestant contestant = () -> 0;

  /** Makes the contestant. */
  @Setup
  public void setUp() {
    contestant = Roster.find(way, who, stream, chunk);
  }

  /** The whole stream, once. */
  @Benchmark
  public long pass() {
    return contestant.pass();
  }
}
