package org.peerwire.client.tracker;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.peerwire.InfoHash;
import org.peerwire.PeerAddress;
import org.peerwire.PeerId;
import org.peerwire.mse.RandomSource;
import org.peerwire.swarm.dial.PeerSource;
import org.peerwire.swarm.tracker.Announce;
import org.peerwire.swarm.tracker.Announcer;
import org.peerwire.swarm.tracker.TrackerAnswer;
import org.peerwire.swarm.tracker.TrackerPeers;
import org.peerwire.swarm.tracker.TrackerStatus;

/**
 * The trackers of one torrent, from the first announce to the farewell. Those that the torrent
 * names are one {@link Announcer} with their tiers; each that the user named is one of its own, so
 * that all of these are asked. A hybrid torrent has two names, and a swarm of each: it is announced
 * under both. Belongs to the event loop.
 */
// Netty's futures of timers tell nothing.
@SuppressWarnings("FutureReturnValueIgnored")
public final class Announcing {
  /** How long the farewells may take. */
  private static final long FAREWELL_MILLIS = 1_000;

  private static final long TICK_MILLIS = 500;

  /** The torrent that is announced. */
  public interface Torrent {
    /** How it stands. */
    Announce.Totals totals();

    /** Whether it needs peers. */
    boolean isHungry();

    /**
     * A tracker has named peers that are believed; some may be known, or be us.
     *
     * @param named the info-hash by which they know the torrent
     */
    void found(PeerSource tracker, InfoHash named, List<PeerAddress> peers);

    /** A tracker has answered, or failed. */
    void announced(TrackerStatus tracker);
  }

  private final TrackerClient client;
  private final EventLoop loop;
  private final Torrent torrent;
  private final List<Group> groups = new ArrayList<>();
  private @Nullable ScheduledFuture<?> timer;
  private boolean stopped;

  /**
   * Announces nothing yet.
   *
   * @param tiers the trackers that the torrent names
   * @param named the trackers that the user named
   * @param infoHashes the torrent's names, that which counts for its status first
   * @param port where peers may dial us; 0 if they can't
   */
  public Announcing(
      TrackerClient client,
      Torrent torrent,
      List<List<String>> tiers,
      List<String> named,
      List<InfoHash> infoHashes,
      PeerId peerId,
      int port,
      RandomSource random) {
    this.client = client;
    this.torrent = torrent;
    loop = client.loop();
    // Some trackers refuse port 0; at port 1 nobody listens either.
    int told = Math.max(1, port);
    List<List<String>> others = new ArrayList<>();
    for (List<String> tier : tiers) {
      others.add(tier.stream().filter(url -> !named.contains(url)).toList());
    }
    for (InfoHash name : infoHashes) {
      for (String url : named) {
        List<List<String>> only = List.of(List.of(url));
        groups.add(new Group(name, new Announcer(only, name, peerId, told, random), true));
      }
      groups.add(new Group(name, new Announcer(others, name, peerId, told, random), false));
    }
  }

  /** Begins. */
  public void start() {
    timer = loop.scheduleAtFixedRate(this::proceed, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** How the trackers stand: one that works under any of the torrent's names works. */
  public List<TrackerStatus> status() {
    Map<String, TrackerStatus> all = new LinkedHashMap<>();
    for (Group group : groups) {
      for (TrackerStatus status : group.announcer.status()) {
        all.merge(status.url(), status, Announcing::better);
      }
    }
    return List.copyOf(all.values());
  }

  private static TrackerStatus better(TrackerStatus one, TrackerStatus other) {
    boolean works = other.state() == TrackerStatus.State.WORKING;
    return works && one.state() != TrackerStatus.State.WORKING ? other : one;
  }

  /** The download has become complete. */
  public void complete() {
    groups.forEach(group -> group.announcer.complete());
    proceed();
  }

  /** Ends without farewells, as this torrent is announced again soon. */
  public void pause() {
    halt();
  }

  /**
   * Says farewell to the trackers that know us.
   *
   * @return done when they have heard it, or after a short time; never fails
   */
  public CompletableFuture<Void> stop() {
    List<CompletableFuture<?>> farewells = new ArrayList<>();
    if (!stopped) {
      halt();
      Announce.Totals totals = torrent.totals();
      for (Group group : groups) {
        group.announcer.stop();
        Announcer.Task task = group.announcer.poll(now(), totals, false);
        while (task != null) {
          farewells.add(
              client
                  .ask(task.url(), group.named, task.announce())
                  .orTimeout(FAREWELL_MILLIS, TimeUnit.MILLISECONDS)
                  .handle((reply, e) -> null));
          task = group.announcer.poll(now(), totals, false);
        }
      }
    }
    return CompletableFuture.allOf(farewells.toArray(new CompletableFuture<?>[0]));
  }

  private void halt() {
    stopped = true;
    ScheduledFuture<?> task = timer;
    if (task != null) {
      task.cancel(false);
    }
    groups.forEach(Group::giveUp);
  }

  private void proceed() {
    if (!stopped) {
      groups.forEach(Group::proceed);
    }
  }

  private long now() {
    return loop.ticker().nanoTime();
  }

  /** An announcer, and what it is at. */
  private final class Group {
    private final InfoHash infoHash;
    final Announcer announcer;
    final boolean named;
    private @Nullable CompletableFuture<Reply> underWay;

    Group(InfoHash infoHash, Announcer announcer, boolean named) {
      this.infoHash = infoHash;
      this.announcer = announcer;
      this.named = named;
    }

    void proceed() {
      boolean hungry = torrent.isHungry();
      if (announcer.nanosUntilPoll(now(), hungry) > 0) {
        return;
      }
      Announcer.Task task = announcer.poll(now(), torrent.totals(), hungry);
      if (task == null) {
        return;
      }
      CompletableFuture<Reply> asked = client.ask(task.url(), named, task.announce());
      underWay = asked;
      asked.whenComplete(
          (reply, e) -> {
            try {
              loop.execute(() -> ended(task, reply, e));
            } catch (RejectedExecutionException closed) {
              // Nobody is there to hear it.
              return;
            }
          });
    }

    private void ended(Announcer.Task task, @Nullable Reply reply, @Nullable Throwable e) {
      underWay = null;
      if (stopped) {
        return;
      }
      if (reply == null) {
        announcer.failed(TrackerClient.told(e), now());
      } else {
        TrackerAnswer answer = reply.answer();
        List<PeerAddress> believed = TrackerPeers.believed(answer.peers(), reply.from(), named);
        announcer.answered(answer, believed.size(), now());
        if (!believed.isEmpty()) {
          PeerSource source = PeerSource.tracker(task.url(), reply.from(), named);
          torrent.found(source, infoHash, believed);
        }
      }
      List<TrackerStatus> all = status();
      for (TrackerStatus status : announcer.status()) {
        // What the other name has got already is not told again.
        if (status.url().equals(task.url()) && (isFirst() || all.contains(status))) {
          torrent.announced(status);
        }
      }
      proceed();
    }

    private boolean isFirst() {
      return infoHash.equals(groups.get(0).infoHash);
    }

    void giveUp() {
      CompletableFuture<Reply> asked = underWay;
      if (asked != null) {
        asked.cancel(true);
      }
    }
  }
}
