package org.peerwire.client.storage;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.peerwire.swarm.BlockDigests;

/** What an intake tells, a line each. */
final class Verdicts implements Intake.Verdicts {
  private final LinkedBlockingQueue<String> told = new LinkedBlockingQueue<>();

  @Override
  public void inconsistent(int piece) {
    told.add(piece + " inconsistent");
  }

  @Override
  public void verified(int piece, boolean ok, @Nullable BlockDigests digests) {
    told.add(piece + " " + ok + (digests == null ? "" : " digests"));
  }

  @Override
  public void lost(int piece, StorageException e) {
    told.add(piece + " lost");
  }

  @Override
  public void stuck(StorageException e) {
    told.add("stuck " + e.kind());
  }

  @Override
  public void flows() {
    told.add("flows");
  }

  @Override
  public void failed(StorageException e) {
    told.add("failed " + e.getMessage());
  }

  /** The next line, or "null" if none comes. */
  String next() throws InterruptedException {
    return String.valueOf(told.poll(10, TimeUnit.SECONDS));
  }

  /** The next line that is not about a disk that is stuck, which may be told often. */
  String nextButStuck() throws InterruptedException {
    String line = next();
    while (line.startsWith("stuck")) {
      line = next();
    }
    return line;
  }

  /** Whether nothing more was told so far. */
  boolean isQuiet() {
    return told.isEmpty();
  }
}
