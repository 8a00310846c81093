package org.peerwire.client.tracker;

import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.peerwire.IpAddress;
import org.peerwire.SafeText;
import org.peerwire.mse.RandomSource;
import org.peerwire.swarm.tracker.Announce;
import org.peerwire.swarm.tracker.TrackerAddress;
import org.peerwire.swarm.tracker.TrackerException;

/**
 * Makes announces, for all torrents of a client. Nothing is opened before it is needed. Belongs to
 * the event loop, where nothing else is said.
 */
// What a future of a step tells is told by the whole one.
@SuppressWarnings("FutureReturnValueIgnored")
public final class TrackerClient implements AutoCloseable {
  /** All of an announce over HTTP, from the name to the last byte, takes no longer. */
  private static final long HTTP_SECONDS = 30;

  /** Over UDP the retransmissions are the bound: 15 and 30 seconds, and time for the name. */
  private static final long UDP_SECONDS = 60;

  private final EventLoop loop;
  private final String userAgent;
  private final long httpSeconds;
  private final Names names = new Names();
  private final UdpSocket udp;
  private @Nullable HttpAsk http;

  /**
   * A client that has asked nobody yet.
   *
   * @param random must not be foreseeable
   * @param userAgent what HTTP trackers are told that we are
   */
  public TrackerClient(EventLoop loop, RandomSource random, String userAgent) {
    this(loop, random, userAgent, HTTP_SECONDS);
  }

  TrackerClient(EventLoop loop, RandomSource random, String userAgent, long httpSeconds) {
    this.loop = loop;
    this.userAgent = userAgent;
    this.httpSeconds = httpSeconds;
    udp = new UdpSocket(loop, random);
  }

  EventLoop loop() {
    return loop;
  }

  /**
   * Asks a tracker.
   *
   * @param named whether the user named it
   * @return completed on any thread. To complete it otherwise ends the attempt
   */
  CompletableFuture<Reply> ask(String url, boolean named, Announce announce) {
    Optional<TrackerAddress> parsed = TrackerAddress.parse(url);
    if (parsed.isEmpty()) {
      return CompletableFuture.failedFuture(new AskException("its address can't be used"));
    }
    TrackerAddress tracker = parsed.get();
    boolean overUdp = tracker.protocol() == TrackerAddress.Protocol.UDP;
    CompletableFuture<Reply> result =
        new CompletableFuture<Reply>()
            .orTimeout(overUdp ? UDP_SECONDS : httpSeconds, TimeUnit.SECONDS);
    names
        .lookUp(tracker)
        .whenComplete(
            (addresses, e) -> {
              if (addresses == null) {
                result.completeExceptionally(e);
              } else if (!result.isDone()) {
                onLoop(result, () -> ask(tracker, addresses, named, announce, result));
              }
            });
    return result;
  }

  private void onLoop(CompletableFuture<Reply> result, Runnable task) {
    try {
      loop.execute(task);
    } catch (java.util.concurrent.RejectedExecutionException e) {
      result.completeExceptionally(new AskException("the client is closed", e));
    }
  }

  private void ask(
      TrackerAddress tracker,
      List<InetSocketAddress> addresses,
      boolean named,
      Announce announce,
      CompletableFuture<Reply> result) {
    List<IpAddress> ips = HttpAsk.ips(addresses);
    for (IpAddress ip : ips) {
      if (!tracker.mayBeAsked(ip, named)) {
        result.completeExceptionally(
            new AskException(
                "it has no public address and is not asked; if you trust it, name it with"
                    + " --tracker"));
        return;
      }
    }
    CompletableFuture<Reply> reply =
        tracker.protocol() == TrackerAddress.Protocol.UDP
            ? udp.ask(preferred(addresses), tracker.path(), announce)
            : http().ask(tracker, ips, announce);
    reply.whenComplete(
        (answer, e) -> {
          if (answer != null) {
            result.complete(answer);
          } else {
            result.completeExceptionally(e);
          }
        });
    result.whenComplete((answer, e) -> reply.cancel(true));
  }

  /** Most peers are in the IPv4 swarm. */
  private static InetSocketAddress preferred(List<InetSocketAddress> addresses) {
    return addresses.stream()
        .filter(address -> address.getAddress() instanceof java.net.Inet4Address)
        .findFirst()
        .orElse(addresses.get(0));
  }

  private HttpAsk http() {
    HttpAsk known = http;
    if (known == null) {
      known = new HttpAsk(names, userAgent);
      http = known;
    }
    return known;
  }

  /** Why an announce failed, as one line that is fit to be shown. */
  static String told(@Nullable Throwable e) {
    Throwable cause = e instanceof CompletionException ? e.getCause() : e;
    if (cause instanceof TimeoutException) {
      return "it does not answer";
    }
    return cause instanceof AskException || cause instanceof TrackerException
        ? String.valueOf(cause.getMessage())
        : SafeText.of(String.valueOf(cause), 200);
  }

  /** Ends what is under way; by any thread. */
  @Override
  public void close() {
    names.close();
    loop.execute(udp::close);
  }
}
