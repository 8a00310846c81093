package org.peerwire.examples;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.peerwire.Feature;
import org.peerwire.Handshake;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.channel.WirePipe;
import org.peerwire.extension.ExtensionHandshake;
import org.peerwire.wire.CloseCause;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;
import org.peerwire.wire.WireOptions;

/**
 * Asks many peers what they are, each on a thread of its own: a virtual one where Java has them.
 */
public final class Crawl implements PeerListener {
  private static final PeerId PEER_ID = PeerId.ofAscii("-PW0100-crawlcrawlcr");

  /** A peer that says nothing for so long has said all. */
  private static final WireOptions BRIEF =
      WireOptions.builder().idleTimeout(Duration.ofSeconds(10)).build();

  // region crawl
  private String answer = "no answer";

  @Override
  public void onHandshake(PeerWire wire, Handshake theirs) {
    answer = theirs.peerId() + " with " + theirs.features();
    if (!wire.supports(Feature.EXTENSION_PROTOCOL)) {
      wire.close();
    }
  }

  @Override
  public void onExtensionHandshake(PeerWire wire, ExtensionHandshake theirs) {
    String client = theirs.v();
    answer += client == null ? "" : " " + client;
    wire.close();
  }

  @Override
  public void onClose(PeerWire wire, CloseCause cause) {
    answer += ", ended " + cause;
  }

  static String ask(InetSocketAddress peer, InfoHash torrent) {
    Crawl crawl = new Crawl();
    PeerWire wire = new PeerWire(crawl, BRIEF);
    wire.extensionHandshake(ExtensionHandshake.builder().v("crawler").build());
    wire.handshake(torrent, PEER_ID);
    try {
      WirePipe.connect(peer, Duration.ofSeconds(10), wire);
      return peer + ": " + crawl.answer;
    } catch (IOException e) {
      return peer + ": " + e.getMessage();
    }
  }

  // endregion

  private Crawl() {}

  static List<String> askAll(List<InetSocketAddress> peers, InfoHash torrent) throws Exception {
    ExecutorService threads = threads();
    try {
      List<Future<String>> asked = new ArrayList<>();
      for (InetSocketAddress peer : peers) {
        asked.add(threads.submit(() -> ask(peer, torrent)));
      }
      List<String> answers = new ArrayList<>();
      for (Future<String> each : asked) {
        answers.add(each.get());
      }
      return answers;
    } finally {
      threads.shutdown();
    }
  }

  /** Compiled for Java 17, where virtual threads can only be looked for. */
  private static ExecutorService threads() throws ReflectiveOperationException {
    try {
      return (ExecutorService)
          Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    } catch (NoSuchMethodException e) {
      return Executors.newFixedThreadPool(100);
    }
  }

  /** Arguments: info-hash, then a host and a port for each peer. */
  public static void main(String... args) throws Exception {
    List<InetSocketAddress> peers = new ArrayList<>();
    for (int i = 1; i + 1 < args.length; i += 2) {
      peers.add(new InetSocketAddress(args[i], Integer.parseInt(args[i + 1])));
    }
    askAll(peers, InfoHash.parse(args[0])).forEach(System.out::println);
  }
}
