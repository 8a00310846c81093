package org.peerwire.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.Handshake;
import org.peerwire.PeerAddress;
import org.peerwire.extension.ExtensionHandshake;
import org.peerwire.extension.donthave.DontHave;
import org.peerwire.extension.uploadonly.UploadOnly;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;

/** What a swarm makes of lt_donthave, upload_only and the fields of extension handshakes. */
class HeardTest {
  private static final int PIECE = 64 << 10;

  private final Sim sim = new Sim(3, 20 * PIECE, PIECE);

  @Test
  void p11_whatAPeerLostIsAskedOfAnother() {
    Sim.Node node = sim.leech("node");
    List<Integer> asked = new ArrayList<>();
    DontHave extension = new DontHave();
    sim.raw(
        node,
        Sim.address("127.0.7.7", 7000),
        new PeerListener() {
          @Override
          public void onHandshake(PeerWire wire, Handshake handshake) {
            wire.bitfield(Sim.all(20));
            wire.unchoke();
          }

          @Override
          public void onRequest(PeerWire wire, int piece, int begin, int length) {
            asked.add(piece);
          }
        },
        wire -> wire.use(extension));
    sim.run(Sim.SECOND);
    assertThat(asked).hasSizeGreaterThanOrEqualTo(16);
    PeerState peer = node.swarm.peers.get(0);
    assertThat(peer.useful).isEqualTo(20);
    int lost = asked.get(0);
    extension.dontHave(lost);
    sim.run(Sim.SECOND);
    assertThat(peer.has.contains(lost)).isFalse();
    assertThat(peer.useful).isEqualTo(19);
    assertThat(peer.requests).noneMatch(request -> request.piece.piece == lost);
    assertThat(node.swarm.downloads.picker.availability(lost)).isZero();
    assertThat(node.swarm.downloads.picker.availability((lost + 1) % 20)).isEqualTo(1);
    for (int piece = 0; piece < 20; piece++) {
      extension.dontHave(piece);
    }
    sim.run(Sim.SECOND);
    assertThat(peer.wire().amInterested()).isFalse();
    assertThat(peer.requests).isEmpty();
    node.dials(sim.seed("seeder"));
    sim.runUntil("complete", 30 * Sim.SECOND, node::isComplete);
  }

  @Test
  void z03_peersAreToldOfAPieceThatWasLost() {
    Sim.Node seeder = sim.seed("seeder");
    seeder.bandwidth = 100_000;
    Sim.Node leecher = sim.leech("leecher").dials(seeder);
    sim.run(Sim.SECOND);
    int lost = leecher.swarm.downloads.picker.size() > 0 ? missing(leecher) : 0;
    seeder.swarm.readFailed(lost, "a bad sector", sim.now);
    sim.runUntil("it heard", 5 * Sim.SECOND, () -> !leecher.peer(seeder).has.contains(lost));
    assertThat(leecher.peer(seeder).wire().isClosed()).isFalse();
    assertThat(told(seeder.peer(leecher))).as("we download again").isFalse();
    Sim.Node other = sim.seed("other");
    leecher.dials(other);
    seeder.dials(other);
    sim.runUntil(
        "both complete", 60 * Sim.SECOND, () -> leecher.isComplete() && seeder.isComplete());
  }

  @Test
  void whoDownloadsNothingSaysSo() {
    Sim.Node seeder = sim.seed("seeder");
    seeder.bandwidth = 200_000;
    Sim.Node leecher = sim.leech("leecher").dials(seeder);
    sim.runUntil("known", Sim.SECOND, () -> isIntroduced(leecher) && isIntroduced(seeder));
    assertThat(Objects.requireNonNull(leecher.peer(seeder).extensions).wantsNothing()).isTrue();
    assertThat(Objects.requireNonNull(seeder.peer(leecher).extensions).wantsNothing()).isFalse();
  }

  @Test
  void aSeedDropsWhoWantsNothing() {
    Sim.Node seeder = sim.seed("seeder");
    UploadOnly extension = new UploadOnly();
    PeerWire partial =
        sim.raw(seeder, Sim.address("127.0.7.7", 7000), new Polite(), w -> w.use(extension));
    sim.run(Sim.SECOND);
    assertThat(partial.isClosed()).isFalse();
    extension.uploadOnly(true);
    sim.run(Sim.SECOND);
    assertThat(partial.isClosed()).isTrue();
    assertThat(seeder.log).anyMatch(line -> line.contains("neither downloads"));
  }

  @Test
  void x19_flappingCostsNothing() {
    Sim.Node node = sim.leech("node");
    UploadOnly extension = new UploadOnly();
    sim.raw(node, Sim.address("127.0.7.7", 7000), new Polite(), wire -> wire.use(extension));
    sim.run(Sim.SECOND);
    PeerState peer = node.swarm.peers.get(0);
    long sent = peer.wire().bytesSent();
    for (int i = 0; i < 10_000; i++) {
      extension.uploadOnly(i % 2 == 0);
    }
    sim.run(Sim.SECOND);
    assertThat(peer.wire().isClosed()).isFalse();
    assertThat(peer.wire().bytesSent() - sent).isLessThan(256);
    assertThat(Objects.requireNonNull(peer.extensions).wantsNothing()).isFalse();
  }

  @Test
  void x14_p_yourip_AndEAreTold() {
    SwarmOptions options = SwarmOptions.builder().listenPort(6881).prefersEncryption(true).build();
    Sim.Node node = sim.node("node", piece -> false, options);
    Sim.Node other = sim.leech("other").dials(node);
    sim.runUntil("known", Sim.SECOND, () -> isIntroduced(other));
    ExtensionHandshake told = Objects.requireNonNull(other.peer(node).wire().peerExtensions());
    assertThat(told.p()).isEqualTo(6881);
    assertThat(told.e()).isTrue();
    assertThat(told.yourip()).isEqualTo(other.address.ip());
    assertThat(told.reqq()).isEqualTo(250);
    assertThat(told.uploadOnly()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void x16_whereWeAreIsBelievedFromThreeNetworks(int agreeing) {
    Sim.Node node = sim.leech("node");
    PeerAddress other = Sim.address("198.51.100.7", 6881);
    long before = node.swarm.candidates.priority(other);
    for (int i = 1; i <= agreeing; i++) {
      ExtensionHandshake hint =
          ExtensionHandshake.builder().yourip(Sim.address("203.0.113.9", 1).ip()).build();
      PeerAddress from = Sim.address("192." + i + ".2.1", 7000);
      sim.raw(node, from, new Polite(), wire -> wire.extensionHandshake(hint));
    }
    sim.run(Sim.SECOND);
    assertThat(node.swarm.candidates.priority(other) != before).isEqualTo(agreeing == 3);
  }

  private static int missing(Sim.Node node) {
    int piece = 0;
    while (node.swarm.verified().contains(piece)) {
      piece++;
    }
    return piece;
  }

  private static boolean told(PeerState peer) {
    return Objects.requireNonNull(peer.extensions).uploadOnly.isUploadOnly();
  }

  private static boolean isIntroduced(Sim.Node node) {
    return node.swarm.peers.stream().anyMatch(peer -> peer.wire().peerExtensions() != null);
  }

  /** Says what it has, so that extensions can follow. */
  private static final class Polite implements PeerListener {
    @Override
    public void onHandshake(PeerWire from, Handshake handshake) {
      from.bitfield(from.pieces());
    }
  }
}
