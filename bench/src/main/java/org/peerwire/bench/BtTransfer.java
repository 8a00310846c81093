package org.peerwire.bench;

import bt.Bt;
import bt.data.file.FileSystemStorage;
import bt.metainfo.TorrentId;
import bt.module.ServiceModule;
import bt.net.InetPeer;
import bt.net.Peer;
import bt.peer.PeerSource;
import bt.peer.PeerSourceFactory;
import bt.protocol.crypto.EncryptionPolicy;
import bt.runtime.BtClient;
import bt.runtime.BtRuntime;
import bt.runtime.Config;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/**
 * One torrent in bt: {@code seed|get TORRENT FOLDER PORT PEER_PORT plain|rc4}. Says READY when it
 * seeds, DONE when it has everything; one that gets ends then. A seeder dials if PEER_PORT is not
 * 0.
 */
public final class BtTransfer {
  private BtTransfer() {}

  /** Runs until it has everything, or, when it seeds, until it is ended. */
  @SuppressWarnings("SystemOut") // its output is what it is for
  public static void main(String[] arguments) throws IOException {
    boolean seeds = arguments[0].equals("seed");
    int peer = Integer.parseInt(arguments[4]);
    Config config = new Config();
    config.setAcceptorAddress(InetAddress.getLoopbackAddress());
    config.setAcceptorPort(Integer.parseInt(arguments[3]));
    config.setPeerDiscoveryInterval(Duration.ofSeconds(1));
    config.setNumOfHashingThreads(Runtime.getRuntime().availableProcessors());
    // it would shake hands in an encrypted way even to agree on plaintext
    config.setMseDisabled(arguments[5].equals("plain"));
    config.setEncryptionPolicy(
        arguments[5].equals("rc4")
            ? EncryptionPolicy.REQUIRE_ENCRYPTED
            : EncryptionPolicy.REQUIRE_PLAINTEXT);
    PeerSourceFactory peers = new OnePeer(peer == 0 ? List.of() : List.of(loopback(peer)));
    BtRuntime runtime =
        BtRuntime.builder(config)
            .disableLocalServiceDiscovery()
            .module(binder -> ServiceModule.extend(binder).addPeerSourceFactory(peers))
            .build();
    BtClient client =
        Bt.client(runtime)
            .storage(new FileSystemStorage(Path.of(arguments[2])))
            .torrent(Path.of(arguments[1]).toUri().toURL())
            .build();
    client
        .startAsync(
            state -> {
              if (state.getPiecesTotal() > 0 && state.getPiecesRemaining() == 0) {
                System.out.println(seeds ? "READY" : "DONE");
                if (!seeds) {
                  Runtime.getRuntime().halt(0); // it would take seconds to stop
                }
              }
            },
            50)
        .join();
  }

  private static Peer loopback(int port) {
    return InetPeer.build(InetAddress.getLoopbackAddress(), port);
  }

  /** Names the one peer there is. */
  private record OnePeer(List<Peer> peers) implements PeerSourceFactory, PeerSource {
    @Override
    public PeerSource getPeerSource(TorrentId torrent) {
      return this;
    }

    @Override
    public boolean update() {
      return true;
    }

    @Override
    public Collection<Peer> getPeers() {
      return peers;
    }
  }
}
