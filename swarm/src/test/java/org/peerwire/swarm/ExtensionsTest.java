package org.peerwire.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.peerwire.extension.ExtensionHandshake;
import org.peerwire.extension.metadata.UtMetadata;
import org.peerwire.wire.WireOptions;

/** What the wires of a swarm say and heed of the extension protocol. */
class ExtensionsTest {
  private static final long MINUTE = 60_000_000_000L;
  private static final int PIECE = 64 << 10;

  private final Sim sim = new Sim(7, 20 * PIECE, PIECE);

  @Test
  void sizeOfTheMetadataAndNameOfTheClientAreTold() {
    SwarmOptions named = SwarmOptions.builder().client("tester 1.2").build();
    Sim.Node seed = sim.node("seed", piece -> true, named);
    seed.swarm.serveMetadata(ByteBuffer.allocate(20_000));
    Sim.Node leech = sim.leech("leech").dials(seed);
    sim.runUntil("they know each other", MINUTE, () -> isIntroduced(leech) && isIntroduced(seed));
    ExtensionHandshake told = Objects.requireNonNull(leech.peer(seed).wire().peerExtensions());
    assertThat(told.metadataSize()).isEqualTo(20_000);
    assertThat(told.reqq()).isEqualTo(WireOptions.DEFAULT.maxPeerRequests());
    assertThat(leech.status().peers().get(0).client()).isEqualTo("tester 1.2");
    assertThat(seed.status().peers().get(0).client()).isNull();
  }

  @Test
  void metadataThatComesLaterIsTold() {
    Sim.Node seed = sim.seed("seed");
    seed.bandwidth = 100_000;
    Sim.Node leech = sim.leech("leech").dials(seed);
    sim.runUntil("both have shaken hands", MINUTE, () -> !leech.status().peers().isEmpty());
    seed.swarm.serveMetadata(ByteBuffer.allocate(100));
    UtMetadata metadata = Objects.requireNonNull(leech.peer(seed).extensions).metadata;
    sim.runUntil("the size is told", MINUTE, () -> metadata.peerSize() == 100);
  }

  @Test
  void noMoreIsRequestedThanThePeerQueues() {
    WireOptions few = WireOptions.builder().maxPeerRequests(5).build();
    Sim.Node seed = sim.node("seed", piece -> true, SwarmOptions.builder().wire(few).build());
    Sim.Node leech = sim.leech("leech").dials(seed);
    sim.runUntil(
        "all is there",
        10 * MINUTE,
        () -> {
          leech
              .status()
              .peers()
              .forEach(peer -> assertThat(peer.requests()).isLessThanOrEqualTo(5));
          return leech.isComplete();
        });
  }

  private static boolean isIntroduced(Sim.Node node) {
    return node.swarm.peers.stream().anyMatch(peer -> peer.wire().peerExtensions() != null);
  }
}
