package org.peerwire.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.Block;
import org.peerwire.Handshake;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;

/** The emulated network: a transfer over it, from a seed, and what each of its conditions does. */
class NetworkTest {
  private static final InfoHash TORRENT = InfoHash.parse("aa".repeat(20));
  private static final int BLOCKS = 8;

  /** A transfer of some blocks between two wires. */
  private static final class Transfer {
    final EventRecorder left = new EventRecorder(new Seeder());
    final EventRecorder right;
    final WirePair pair;
    final ByteBuffer got = ByteBuffer.allocate(BLOCKS * Block.LENGTH);

    Transfer(NetworkConditions conditions, SplitMix64 random) {
      right = new EventRecorder(new Leecher(got));
      PeerWire leecher = new PeerWire(right);
      pair = new WirePair(new PeerWire(left), leecher).under(conditions, random);
      leecher.handshake(TORRENT, PeerId.ofAscii("-PW0000-leecherleech"));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void aTransferEndsOnAnyNetworkAndASeedReplaysIt(long seed) {
    NetworkConditions conditions = NetworkConditions.random(new SplitMix64(seed));
    Transfer first = new Transfer(conditions, new SplitMix64(seed));
    Transfer second = new Transfer(conditions, new SplitMix64(seed));
    for (Transfer each : List.of(first, second)) {
      each.pair.advance(Duration.ofMinutes(3));
      assertThat(each.got.remaining()).as("%s, seed %d", conditions, seed).isZero();
    }
    assertThat(first.left.take()).isEqualTo(second.left.take());
    assertThat(first.right.take()).isEqualTo(second.right.take());
  }

  @Test
  void bandwidthIsTime() {
    int rate = 64 << 10;
    Transfer transfer = new Transfer(conditions(rate, null), new SplitMix64(1));
    long seconds = (long) BLOCKS * Block.LENGTH / rate;
    transfer.pair.advance(Duration.ofSeconds(seconds));
    assertThat(transfer.got.remaining()).isPositive();
    transfer.pair.advance(Duration.ofSeconds(1));
    assertThat(transfer.got.remaining()).isZero();
  }

  @Test
  void aResetComesAtItsTime() {
    Transfer transfer =
        new Transfer(conditions(32 << 10, Duration.ofSeconds(2)), new SplitMix64(1));
    transfer.pair.advance(Duration.ofMillis(1999));
    assertThat(transfer.right.cause()).isNull();
    transfer.pair.advance(Duration.ofMillis(1));
    assertThat(transfer.right.take()).endsWith("close TransportFailed");
    assertThat(transfer.left.take()).endsWith("close TransportFailed");
    assertThat(transfer.got.position()).isBetween(2 * Block.LENGTH, 5 * Block.LENGTH);
  }

  @Test
  void nonsenseIsRefused() {
    Duration none = Duration.ZERO;
    assertThatThrownBy(() -> new NetworkConditions(none, none, 0, 1, 1, null))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new NetworkConditions(none, none, 1, 0, 1, null))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new NetworkConditions(Duration.ofMillis(-1), none, 1, 1, 1, null))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static NetworkConditions conditions(long rate, @Nullable Duration reset) {
    return new NetworkConditions(
        Duration.ofMillis(10), Duration.ofMillis(5), rate, 1460, 64 << 10, reset);
  }

  private static final class Seeder implements PeerListener {
    @Override
    public void onHandshake(PeerWire wire, Handshake handshake) {
      wire.handshake(handshake.infoHash(), PeerId.ofAscii("-PW0000-seederseeder"));
      wire.unchoke();
    }

    @Override
    public void onRequest(PeerWire wire, int piece, int begin, int length) {
      wire.respond(piece, begin, ByteBuffer.allocate(length));
    }
  }

  private record Leecher(ByteBuffer got) implements PeerListener {
    @Override
    public void onUnchoke(PeerWire wire) {
      for (int i = 0; i < BLOCKS; i++) {
        wire.request(i, 0, Block.LENGTH, (outcome, piece, begin, block) -> got.put(block));
      }
    }
  }
}
