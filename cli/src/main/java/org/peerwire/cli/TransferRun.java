package org.peerwire.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.peerwire.Pieces;
import org.peerwire.SafeText;
import org.peerwire.client.PeerStatus;
import org.peerwire.client.Transfer;
import org.peerwire.client.TransferListener;
import org.peerwire.client.TransferStatus;
import org.peerwire.client.TransferStatus.Phase;
import org.peerwire.mse.Encryption;
import org.peerwire.swarm.tracker.TrackerStatus;

/**
 * Watches a transfer to its end, on the thread of the command: shows how it goes, to people or as
 * JSON, says why nothing moves, and stops it when the user wants.
 */
final class TransferRun {
  private static final long TICK_MILLIS = 200;
  private static final long JSON_NANOS = Duration.ofSeconds(1).toNanos();

  /** Nothing moves for so long: time to say why. And to say it again. */
  private static final long PATIENCE_NANOS = Duration.ofSeconds(3).toNanos();

  private static final long REMIND_NANOS = Duration.ofSeconds(30).toNanos();
  private static final long STOP_MILLIS = 1_500;

  /** A check that is over sooner needs no bar. */
  private static final double WORTH_SHOWING_SECONDS = 0.5;

  /** Columns of what a line below the bar begins with. */
  private static final int LABEL = 8;

  /** Events that wait to be printed; when nobody reads our output, further ones are dropped. */
  private static final int MAX_WAITING = 10_000;

  private final Console console;
  private final Transfer transfer;
  private final boolean json;
  private final boolean quiet;
  private final PeerLedger ledger = new PeerLedger();
  private final long start = System.nanoTime();
  private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waitingCount = new AtomicInteger();
  private @Nullable ProgressView view;

  /** -1 until we are told, which we may have come too late for. */
  private long resumed = -1;

  private String shown = "";

  /** Serves what was there at the start. */
  private final boolean seed;

  /** One of several: what is said names the torrent. */
  private final boolean named;

  private final Rate gain = new Rate();
  private final Rate sent = new Rate();
  private long lastJson = start;
  private long lastGain = start;
  private long lastTold = start - REMIND_NANOS;
  private String told = "";
  private String lastFailure = "";
  private boolean met;
  private long moved = -1;
  private final Map<String, TrackerStatus> lastTracker = new HashMap<>();

  /** Of a download. */
  TransferRun(Console console, Transfer transfer, boolean json, boolean quiet) {
    this(console, transfer, json, quiet, false, false);
  }

  private TransferRun(
      Console console,
      Transfer transfer,
      boolean json,
      boolean quiet,
      boolean seed,
      boolean named) {
    this.console = console;
    this.transfer = transfer;
    this.json = json;
    this.quiet = quiet;
    this.seed = seed;
    this.named = named;
    transfer.listen(new Events());
  }

  /** Of a seed, which may be one of several. */
  static TransferRun ofSeed(
      Console console, Transfer transfer, boolean json, boolean quiet, boolean named) {
    return new TransferRun(console, transfer, json, quiet, true, named);
  }

  Transfer transfer() {
    return transfer;
  }

  /** Bytes that were on disk, verified, before anything was fetched. */
  long resumed(TransferStatus last) {
    return resumed >= 0
        ? resumed
        : Math.max(0, last.bytesDone() - (last.downloaded() - last.wasted()));
  }

  PeerLedger ledger() {
    return ledger;
  }

  double seconds() {
    return (System.nanoTime() - start) / 1e9;
  }

  /**
   * Watches until the transfer is complete.
   *
   * @return how it ended, or empty if the user stopped it
   * @throws IOException why it failed
   */
  Optional<TransferStatus> toCompletion() throws IOException, InterruptedException {
    return watch(transfer.completion());
  }

  private Optional<TransferStatus> watch(CompletableFuture<TransferStatus> end)
      throws IOException, InterruptedException {
    try {
      while (!end.isDone() && !console.interruption().isRequested()) {
        console.interruption().await(end, TICK_MILLIS);
        draw(look());
      }
      if (!end.isDone()) {
        stop();
        return Optional.empty();
      }
      TransferStatus last = end.get();
      ledger.update(last);
      drain();
      finish(last);
      return Optional.of(last);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException io) {
        throw io;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      drain();
      closeView();
    }
  }

  /** Fills the bar, if there is one. */
  private void finish(TransferStatus last) {
    ProgressView current = view;
    if (current != null && shown.equals("getting")) {
      long fetched = last.bytesTotal() - resumed(last);
      current.at(last.bytesDone(), fetched / seconds(), "");
    }
  }

  private void stop() throws InterruptedException {
    try {
      transfer.stop().get(STOP_MILLIS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      // What was verified is on disk either way; the next run checks.
      console.trace(e);
    }
  }

  /** Tells what has happened and how it goes, but for what is drawn. */
  TransferStatus look() {
    TransferStatus status = transfer.status();
    long now = System.nanoTime();
    ledger.update(status);
    drain();
    if (status.phase() != Phase.CHECKING) {
      gain.at(status.bytesDone(), now);
      sent.at(status.uploaded(), now);
    }
    explain(status);
    if (json && status.phase() != Phase.STOPPED && now - lastJson >= JSON_NANOS) {
      lastJson = now;
      tell(progress(status));
    }
    return status;
  }

  private void tell(Json event) {
    console.result(named ? event.put("infoHash", transfer.torrent().infoHash()) : event);
  }

  private void drain() {
    for (Runnable event = waiting.poll(); event != null; event = waiting.poll()) {
      waitingCount.decrementAndGet();
      event.run();
    }
  }

  private void draw(TransferStatus status) {
    switch (status.phase()) {
      case CHECKING -> {
        if (seconds() >= WORTH_SHOWING_SECONDS) {
          double speed = status.bytesChecked() / seconds();
          view("checking", status).at(status.bytesChecked(), speed, "");
        }
      }
      case DOWNLOADING -> {
        ProgressView current = view("getting", status);
        current.below(() -> below(status));
        current.at(status.bytesDone(), gain.perSecond(), extra(status));
      }
      case SEEDING, STOPPED -> {}
    }
  }

  /** What stands below the bar: which pieces are there, and who gives. */
  private List<String> below(TransferStatus status) {
    int width = console.terminal().width() - LABEL - 1;
    List<String> lines = new ArrayList<>();
    lines.add("pieces  " + PiecesLine.of(status.pieces(), width, Terminal.UNICODE));
    String peers = PeersLine.of(status.peers(), PeerStatus::downloadSpeed, width);
    if (!peers.isEmpty()) {
      lines.add("from    " + peers);
    }
    return lines;
  }

  /** The view of a task; one of another task is closed. */
  private ProgressView view(String task, TransferStatus status) {
    ProgressView current = view;
    if (current == null || !task.equals(shown)) {
      closeView();
      current = ProgressView.of(console, json || quiet, task, status.bytesTotal());
      view = current;
      shown = task;
    }
    return current;
  }

  private String extra(TransferStatus status) {
    String peers = Text.count(status.peers().size(), "peer");
    return status.uploaded() == 0 ? peers : peers + ", up " + Text.speed(sent.perSecond());
  }

  private void closeView() {
    ProgressView current = view;
    if (current != null) {
      current.close();
      view = null;
    }
  }

  /** Why nothing moves, once it has not for a while; the same reason again only after long. */
  private void explain(TransferStatus status) {
    long now = System.nanoTime();
    long gained = status.downloaded() + status.uploaded() + status.bytesChecked();
    if (gained != moved || status.phase() == Phase.CHECKING) {
      moved = gained;
      lastGain = now;
      told = "";
    }
    String obstacle = status.obstacle().orElse("");
    if (quiet || obstacle.isEmpty() || now - lastGain < PATIENCE_NANOS) {
      return;
    }
    if (!obstacle.equals(told) || now - lastTold >= REMIND_NANOS) {
      told = obstacle;
      lastTold = now;
      boolean alone = status.peers().isEmpty() && !lastFailure.isEmpty();
      say("nothing moves: " + SafeText.of(obstacle) + (alone ? " (" + lastFailure + ")" : ""));
    }
  }

  /** Of a run in which no peer was met: why the last one was not, in parentheses; or empty. */
  String whyNobodyWasMet() {
    return met || lastFailure.isEmpty() ? "" : " (" + lastFailure + ")";
  }

  private void say(String words) {
    String line = named ? SafeText.of(transfer.torrent().name(), 60) + ": " + words : words;
    ProgressView current = view;
    if (json || current == null) {
      console.note(line);
    } else {
      current.say(line);
    }
  }

  private Json progress(TransferStatus status) {
    long left = status.bytesTotal() - status.bytesDone();
    return Json.event("progress")
        .put("phase", status.phase().name().toLowerCase(java.util.Locale.ROOT))
        .put("verified", status.bytesDone())
        .put("length", status.bytesTotal())
        .put("downloaded", status.downloaded())
        .put("uploaded", status.uploaded())
        .put("downloadSpeed", Math.round(gain.perSecond()))
        .put("uploadSpeed", Math.round(sent.perSecond()))
        .put("peers", status.peers().size())
        .put(
            "eta",
            status.phase() == Phase.DOWNLOADING
                ? ProgressView.left(left, gain.perSecond()).map(Duration::toSeconds)
                : Optional.empty())
        .put("obstacle", status.obstacle());
  }

  /** The end, for programs. */
  Json summary(String event, TransferStatus status) {
    ledger.update(status);
    return Json.event(event)
        .put("name", transfer.torrent().name())
        .put("infoHash", transfer.torrent().infoHash())
        .put("length", status.bytesTotal())
        .put("verified", status.bytesDone())
        .put("pieces", status.pieceCount())
        .put("verifiedPieces", status.piecesDone())
        .put("resumed", resumed(status))
        .put("downloaded", status.downloaded())
        .put("uploaded", status.uploaded())
        .put("wasted", status.wasted())
        .putSeconds("seconds", seconds())
        .put("peers", ledger.json());
  }

  /** Called by a thread with the network to look after: what is to be printed waits for ours. */
  private final class Events implements TransferListener {
    private void later(Runnable event) {
      if (waitingCount.incrementAndGet() > MAX_WAITING) {
        waitingCount.decrementAndGet();
      } else {
        waiting.add(event);
      }
    }

    @Override
    public void checked(Pieces verified) {
      int count = verified.count();
      later(
          () -> {
            closeView();
            // A v1 torrent's pieces are all alike but for the last.
            long bytes = 0;
            for (int piece = verified.next(0); piece >= 0; piece = next(verified, piece)) {
              bytes += transfer.torrent().pieceMap().pieceSize(piece);
            }
            resumed = bytes;
            if (json) {
              tell(Json.event("checked").put("pieces", count).put("resumed", bytes));
            } else if (bytes > 0 && !quiet && !seed) {
              console.note(
                  Text.size(bytes)
                      + " of "
                      + Text.size(transfer.status().bytesTotal())
                      + " are here already");
            }
          });
    }

    private int next(Pieces pieces, int after) {
      return after + 1 >= pieces.size() ? -1 : pieces.next(after + 1);
    }

    @Override
    public void pieceRejected(int piece) {
      later(
          () -> {
            if (json) {
              tell(Json.event("rejected").put("piece", piece));
            } else if (!quiet) {
              say("piece " + piece + " came with wrong data, and is fetched again");
            }
          });
    }

    @Override
    public void peerConnected(InetSocketAddress peer, Encryption encryption) {
      later(
          () -> {
            met = true;
            ledger.connected(peer, encryption);
            if (json) {
              tell(
                  Json.event("peer")
                      .put("address", Endpoint.text(peer))
                      .put("state", "connected")
                      .put("encryption", Policy.word(encryption)));
            }
          });
    }

    @Override
    public void peerDisconnected(
        InetSocketAddress peer, long downloaded, long uploaded, String cause) {
      later(
          () -> {
            ledger.disconnected(peer, downloaded, uploaded);
            // In the end it is we who close.
            if (transfer.status().phase() != TransferStatus.Phase.STOPPED) {
              lastFailure = Endpoint.text(peer) + ": " + SafeText.of(cause);
            }
            if (json) {
              tell(
                  Json.event("peer")
                      .put("address", Endpoint.text(peer))
                      .put("state", "disconnected")
                      .put("downloaded", downloaded)
                      .put("uploaded", uploaded)
                      .put("cause", cause));
            }
          });
    }

    @Override
    public void trackerAnnounced(TrackerStatus tracker) {
      later(
          () -> {
            if (json) {
              tell(TrackerView.json(tracker));
            } else if (!quiet) {
              TrackerView.line(tracker, lastTracker.put(tracker.url(), tracker))
                  .ifPresent(TransferRun.this::say);
            }
          });
    }

    @Override
    public void warning(String sentence) {
      later(
          () -> {
            if (json) {
              tell(Json.event("warning").put("message", sentence));
            } else if (!quiet) {
              say("warning: " + SafeText.of(sentence));
            }
          });
    }
  }
}
