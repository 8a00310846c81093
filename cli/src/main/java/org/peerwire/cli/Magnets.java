package org.peerwire.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.peerwire.SafeText;
import org.peerwire.client.Client;
import org.peerwire.client.MagnetPeers;
import org.peerwire.client.PeerSources;
import org.peerwire.swarm.metainfo.HostPort;
import org.peerwire.swarm.metainfo.MagnetLink;
import org.peerwire.swarm.metainfo.Metainfo;
import org.peerwire.swarm.metainfo.MetainfoException;

/** What commands do with a magnet link before they have the torrent. */
final class Magnets {
  private static final long TICK_MILLIS = 200;

  private Magnets() {}

  /** The addresses of the peers that the link names; those that are not dialled are told. */
  static List<InetSocketAddress> peers(
      Console console, MagnetLink magnet, boolean json, boolean quiet) {
    MagnetPeers peers = MagnetPeers.of(magnet);
    for (HostPort refused : peers.refused()) {
      warn(
          console,
          "the magnet link's peer "
              + refused
              + " has no public address and is not dialled; if you trust it, name it with --peer",
          json,
          quiet);
    }
    return peers.usable();
  }

  /**
   * Fetches the metadata.
   *
   * @param timeout zero: it never gives up
   * @return null if the user does not want to wait any more
   * @throws Failure if no peer gave it, or the torrent is not valid
   */
  static @Nullable Metainfo fetch(
      Console console,
      Client client,
      MagnetLink magnet,
      Collection<InetSocketAddress> peers,
      PeerSources sources,
      Duration timeout,
      boolean json,
      boolean quiet)
      throws Failure, InterruptedException {
    if (json) {
      console.result(
          Json.event("metadata")
              .put("infoHash", magnet.infoHash())
              .put("name", magnet.displayName())
              .put("peers", peers.stream().map(Endpoint::text).toList()));
    }
    // They come on the thread that has the network to look after.
    Queue<String> warnings = new ConcurrentLinkedQueue<>();
    CompletableFuture<Metainfo> fetch =
        client.fetchMetadata(magnet, peers, sources, timeout, warnings::add);
    return await(console, fetch, warnings, magnet.infoHash().toString(), json, quiet);
  }

  /** Fetches the piece layers that a v2 torrent lacks, in the same way. */
  static @Nullable Metainfo layers(
      Console console,
      Client client,
      Metainfo torrent,
      Collection<InetSocketAddress> peers,
      Duration timeout,
      boolean json,
      boolean quiet)
      throws Failure, InterruptedException {
    Queue<String> warnings = new ConcurrentLinkedQueue<>();
    CompletableFuture<Metainfo> fetch = client.fetchLayers(torrent, peers, timeout, warnings::add);
    return await(console, fetch, warnings, torrent.name(), json, quiet);
  }

  private static @Nullable Metainfo await(
      Console console,
      CompletableFuture<Metainfo> fetch,
      Queue<String> warnings,
      String what,
      boolean json,
      boolean quiet)
      throws Failure, InterruptedException {
    while (!fetch.isDone() && !console.interruption().isRequested()) {
      console.interruption().await(fetch, TICK_MILLIS);
      for (String line = warnings.poll(); line != null; line = warnings.poll()) {
        warn(console, line, json, quiet);
      }
    }
    warnings.forEach(line -> warn(console, line, json, quiet));
    if (!fetch.isDone()) {
      fetch.cancel(true);
      return null;
    }
    try {
      return fetch.get();
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof MetainfoException invalid) {
        throw Failure.notValid("the metadata of " + what, invalid);
      }
      if (cause instanceof IOException io) {
        throw Failure.local(io);
      }
      throw new IllegalStateException(cause);
    }
  }

  private static void warn(Console console, String line, boolean json, boolean quiet) {
    if (json) {
      console.result(Json.event("warning").put("message", line));
    } else if (!quiet) {
      console.note("warning: " + SafeText.of(line));
    }
  }
}
