package org.peerwire.client.tracker;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.peerwire.IpAddress;
import org.peerwire.swarm.tracker.TrackerAddress;

/** Looks names up, which blocks, on threads that are there while somebody asks. */
final class Names implements AutoCloseable {
  private static final int THREADS = 4;

  private final ThreadPoolExecutor threads;

  Names() {
    threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            5,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "peerwire-names");
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
  }

  /**
   * Where a tracker is.
   *
   * @return its addresses, at least one; fails as {@link AskException} if there is none
   */
  CompletableFuture<List<InetSocketAddress>> lookUp(TrackerAddress tracker) {
    CompletableFuture<List<InetSocketAddress>> result = new CompletableFuture<>();
    try {
      threads.execute(
          () -> {
            try {
              List<InetSocketAddress> all = new ArrayList<>();
              for (InetAddress address : InetAddress.getAllByName(tracker.host())) {
                all.add(new InetSocketAddress(address, tracker.port()));
              }
              result.complete(all);
            } catch (UnknownHostException e) {
              result.completeExceptionally(new AskException("no address is known for its host", e));
            }
          });
    } catch (RejectedExecutionException e) {
      result.completeExceptionally(new AskException("the client is closed", e));
    }
    return result;
  }

  static IpAddress ip(InetSocketAddress address) {
    return IpAddress.of(address.getAddress().getAddress());
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
