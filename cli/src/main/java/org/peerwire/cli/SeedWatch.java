package org.peerwire.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.peerwire.client.PeerStatus;
import org.peerwire.client.TransferStatus;

/** Watches seeds, on the thread of the command, until the user stops them. */
final class SeedWatch {
  private static final long TICK_MILLIS = 200;
  private static final long STOP_MILLIS = 1_500;
  private static final String TO = "to      ";

  private final Console console;
  private final List<TransferRun> runs;
  private final Rate sent = new Rate();

  SeedWatch(Console console, List<TransferRun> runs) {
    this.console = console;
    this.runs = List.copyOf(runs);
  }

  /** Returns when everything was stopped, or that took too long. */
  void untilStopped(boolean silent) throws InterruptedException {
    CompletableFuture<Void> never = new CompletableFuture<>();
    try (ProgressView view = ProgressView.ofSeeding(console, silent)) {
      while (!console.interruption().isRequested()) {
        console.interruption().await(never, TICK_MILLIS);
        show(view);
      }
    }
    stop();
    runs.forEach(TransferRun::look);
  }

  private void show(ProgressView view) {
    long uploaded = 0;
    List<PeerStatus> peers = new ArrayList<>();
    for (TransferRun run : runs) {
      TransferStatus status = run.look();
      uploaded += status.uploaded();
      peers.addAll(status.peers());
    }
    sent.at(uploaded, System.nanoTime());
    String who = Text.count(peers.size(), "peer");
    view.below(() -> below(peers));
    view.at(
        uploaded,
        sent.perSecond(),
        runs.size() == 1 ? who : Text.count(runs.size(), "torrent") + ", " + who);
  }

  private List<String> below(List<PeerStatus> peers) {
    int width = console.terminal().width() - TO.length() - 1;
    String line = PeersLine.of(peers, PeerStatus::uploadSpeed, width);
    return line.isEmpty() ? List.of() : List.of(TO + line);
  }

  private void stop() throws InterruptedException {
    CompletableFuture<?>[] stops =
        runs.stream().map(run -> run.transfer().stop()).toArray(CompletableFuture<?>[]::new);
    try {
      CompletableFuture.allOf(stops).get(STOP_MILLIS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      // A seed writes nothing, so nothing is left in disorder.
      console.trace(e);
    }
  }
}
