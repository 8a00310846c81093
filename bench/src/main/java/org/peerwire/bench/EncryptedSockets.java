package org.peerwire.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.security.SecureRandom;
import org.peerwire.Block;
import org.peerwire.Handshake;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.channel.WirePipe;
import org.peerwire.mse.Encryption;
import org.peerwire.mse.EncryptionPolicy;
import org.peerwire.mse.Mse;
import org.peerwire.mse.MseOptions;
import org.peerwire.mse.TorrentTable;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;
import org.peerwire.wire.RequestOutcome;

/** A transfer over TCP on this machine, by the blocking pipe, with encryption or without. */
final class EncryptedSockets {
  private static final InfoHash TORRENT = InfoHash.parse("ab".repeat(20));
  private static final int PIPELINE = 64;
  private static final OperatingSystemMXBean PROCESS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private EncryptedSockets() {}

  /** The processor time of the process, kernel included, in seconds. */
  static double transfer(Encryption method, int blocks, SecureRandom random) throws IOException {
    TorrentTable torrents = new TorrentTable();
    torrents.add(TORRENT);
    EncryptionPolicy policy =
        method == Encryption.NONE ? EncryptionPolicy.OFF : EncryptionPolicy.REQUIRE;
    MseOptions.Builder options = MseOptions.builder(policy);
    if (method != Encryption.NONE) {
      options.methods(method);
    }
    Mse mse = new Mse(options.build(), torrents, random::nextBytes);
    long start = PROCESS.getProcessCpuTime();
    try (ServerSocketChannel server =
        ServerSocketChannel.open()
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
      Thread seeding = new Thread(() -> seed(server, mse));
      seeding.start();
      PeerWire leecher = new PeerWire(new Leecher(blocks));
      leecher.handshake(TORRENT, PeerId.ofAscii("-PW0100-leecherleech"));
      WirePipe.run(
          SocketChannel.open(server.getLocalAddress()), mse.initiate(leecher.transport(), TORRENT));
      seeding.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return (PROCESS.getProcessCpuTime() - start) / 1e9;
  }

  private static void seed(ServerSocketChannel server, Mse mse) {
    try {
      WirePipe.run(server.accept(), mse.accept(new PeerWire(new Seeder()).transport()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class Seeder implements PeerListener {
    private final ByteBuffer block = ByteBuffer.allocateDirect(Block.LENGTH);

    @Override
    public void onHandshake(PeerWire wire, Handshake handshake) {
      wire.handshake(handshake.infoHash(), PeerId.ofAscii("-PW0100-seederseeder"));
      wire.unchoke();
    }

    @Override
    public void onRequest(PeerWire wire, int piece, int begin, int length) {
      wire.respond(piece, begin, block.duplicate());
    }
  }

  private static final class Leecher implements PeerListener {
    private final int blocks;
    private int asked;
    private int got;

    Leecher(int blocks) {
      this.blocks = blocks;
    }

    @Override
    public void onUnchoke(PeerWire wire) {
      ask(wire);
    }

    private void ask(PeerWire wire) {
      while (asked < blocks && asked - got < PIPELINE) {
        wire.request(
            asked++, 0, Block.LENGTH, (outcome, piece, begin, block) -> ended(wire, outcome));
      }
    }

    private void ended(PeerWire wire, RequestOutcome outcome) {
      if (outcome != RequestOutcome.BLOCK) {
        throw new IllegalStateException(outcome + ": " + wire.closeCause());
      }
      got++;
      if (got == blocks) {
        wire.close();
      } else {
        ask(wire);
      }
    }
  }
}
