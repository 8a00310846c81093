package org.peerwire.swarm.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.peerwire.IpAddress;
import org.peerwire.PeerAddress;

/** An announce over UDP, packet by packet. */
class UdpAnnounceTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  /** Times wrap around. */
  private long now = Long.MAX_VALUE - 20 * SECOND;

  private final UdpConnection connection = new UdpConnection();

  private UdpAnnounce announce(int transmissions) {
    return announce("/announce", false, transmissions, 1);
  }

  private UdpAnnounce announce(String path, boolean v6, int transmissions, long seed) {
    return new UdpAnnounce(
        Announces.of(AnnounceEvent.COMPLETED, null),
        path,
        connection,
        Announces.random(seed),
        v6,
        transmissions);
  }

  private @Nullable ByteBuffer poll(UdpAnnounce udp) {
    ByteBuffer packet = ByteBuffer.allocate(UdpAnnounce.MAX_PACKET);
    return udp.poll(packet, now) ? packet.flip() : null;
  }

  private ByteBuffer sent(UdpAnnounce udp) {
    ByteBuffer packet = poll(udp);
    assertThat(packet).isNotNull();
    return Objects.requireNonNull(packet);
  }

  private static TrackerAnswer answered(UdpAnnounce udp) {
    return Objects.requireNonNull(udp.answer());
  }

  private static ByteBuffer connectAnswer(int transaction, long id) {
    return ByteBuffer.allocate(16).putInt(0).putInt(transaction).putLong(id).flip();
  }

  private static ByteBuffer answer(int transaction, byte... peers) {
    return ByteBuffer.allocate(20 + peers.length)
        .putInt(1)
        .putInt(transaction)
        .putInt(900)
        .putInt(4)
        .putInt(3)
        .put(peers)
        .flip();
  }

  private static ByteBuffer error(int transaction, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + bytes.length).putInt(3).putInt(transaction).put(bytes).flip();
  }

  /** Up to the announce, whose transaction id is returned. */
  private int connected(UdpAnnounce udp) {
    udp.receive(connectAnswer(sent(udp).getInt(12), 77), now);
    return sent(udp).getInt(12);
  }

  @Test
  void connectsAndAnnounces() {
    UdpAnnounce udp = announce(9);
    ByteBuffer connect = sent(udp);
    assertThat(connect.remaining()).isEqualTo(16);
    assertThat(connect.getLong(0)).isEqualTo(0x41727101980L);
    assertThat(connect.getInt(8)).isZero();
    assertThat(poll(udp)).as("it waits for the answer").isNull();

    udp.receive(connectAnswer(connect.getInt(12), 0x0123456789L), now);
    ByteBuffer packet = sent(udp);
    assertThat(packet.remaining()).isEqualTo(98);
    assertThat(packet.getLong()).isEqualTo(0x0123456789L);
    assertThat(packet.getInt()).isEqualTo(1);
    assertThat(packet.getInt()).isNotEqualTo(connect.getInt(12));
    byte[] twenty = new byte[20];
    packet.get(twenty);
    assertThat(twenty).isEqualTo(Announces.TORRENT.toBytes());
    packet.get(twenty);
    assertThat(twenty).isEqualTo(Announces.US.toBytes());
    assertThat(packet.getLong()).as("downloaded").isEqualTo(22);
    assertThat(packet.getLong()).as("left").isEqualTo(333);
    assertThat(packet.getLong()).as("uploaded").isEqualTo(1);
    assertThat(packet.getInt()).as("completed").isEqualTo(1);
    assertThat(packet.getInt()).as("our address").isZero();
    assertThat(packet.getInt()).as("key").isEqualTo(0xCAFE);
    assertThat(packet.getInt()).as("peers wanted").isEqualTo(50);
    assertThat(packet.getShort()).as("port").isEqualTo((short) 6881);

    udp.receive(answer(packet.getInt(12), new byte[] {127, 0, 0, 1, 0x1A, (byte) 0xE1, 9}), now);
    TrackerAnswer answer = answered(udp);
    assertThat(answer.interval()).isEqualTo(900);
    assertThat(answer.leechers()).isEqualTo(4);
    assertThat(answer.seeders()).isEqualTo(3);
    assertThat(answer.peers()).containsExactly(new PeerAddress(IpAddress.parse("127.0.0.1"), 6881));
    assertThat(udp.isDone()).isTrue();
    assertThat(udp.nanosUntilPoll(now)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void sixteenBytesAnAddressOverIpv6() {
    UdpAnnounce udp = announce("", true, 9, 1);
    byte[] peer = new byte[18];
    peer[15] = 1;
    peer[16] = 0x1A;
    udp.receive(answer(connected(udp), peer), now);
    assertThat(answered(udp).peers())
        .containsExactly(new PeerAddress(IpAddress.parse("::1"), 0x1A00));
  }

  @Test
  void sendsAgainAfterFifteenSecondsTimesTwoToTheN() {
    UdpAnnounce udp = announce(UdpAnnounce.MAX_TRANSMISSIONS);
    List<Long> waits = new ArrayList<>();
    Set<Integer> transactions = new HashSet<>();
    for (int n = 0; n < UdpAnnounce.MAX_TRANSMISSIONS; n++) {
      transactions.add(sent(udp).getInt(12));
      long nanos = udp.nanosUntilPoll(now);
      waits.add(nanos / SECOND);
      now += nanos - 1;
      assertThat(poll(udp)).isNull();
      now++;
    }
    assertThat(waits).containsExactly(15L, 30L, 60L, 120L, 240L, 480L, 960L, 1920L, 3840L);
    assertThat(transactions).as("a late answer counts").hasSize(1);
    assertThat(poll(udp)).isNull();
    assertThat(udp.failure()).hasMessage("it does not answer");
  }

  @Test
  void anIdLivesForAMinute() {
    UdpAnnounce first = announce(9);
    first.receive(answer(connected(first)), now);
    now += 60 * SECOND - 1;
    assertThat(sent(announce(9)).remaining()).as("it is used again").isEqualTo(98);
    now++;
    assertThat(sent(announce(9)).remaining()).as("a new one is asked for").isEqualTo(16);
  }

  @Test
  void anIdThatExpiresMeanwhileIsRenewed() {
    UdpAnnounce udp = announce(9);
    connected(udp);
    now += 15 * SECOND;
    assertThat(sent(udp).remaining()).isEqualTo(98);
    now += 30 * SECOND;
    assertThat(sent(udp).remaining()).isEqualTo(98);
    now += 60 * SECOND;
    assertThat(sent(udp).remaining()).isEqualTo(16);
  }

  @Test
  void whatDoesNotFitIsIgnored() {
    UdpAnnounce udp = announce(9);
    int transaction = sent(udp).getInt(12);
    udp.receive(connectAnswer(transaction + 1, 1), now); // another transaction
    udp.receive(answer(transaction), now); // an announce was not asked for
    udp.receive(connectAnswer(transaction, 1).limit(15), now);
    udp.receive(error(transaction + 1, "no"), now);
    for (int length = 0; length < 8; length++) {
      udp.receive(ByteBuffer.allocate(length), now);
    }
    assertThat(udp.isDone()).isFalse();
    assertThat(poll(udp)).as("it still waits").isNull();

    udp.receive(connectAnswer(transaction, 77), now);
    int second = sent(udp).getInt(12);
    udp.receive(connectAnswer(second, 78), now);
    udp.receive(answer(transaction), now); // the first one's
    udp.receive(answer(second).limit(19), now);
    assertThat(udp.isDone()).isFalse();
    udp.receive(answer(second), now);
    assertThat(udp.answer()).isNotNull();
  }

  @Test
  void aRefusalIsTriedAgainWithANewIdOnceAndThenShownEscaped() {
    UdpAnnounce udp = announce(9);
    udp.receive(error(connected(udp), "connection id mismatch"), now);
    udp.receive(error(connected(udp), "\033[2Jgo away" + "!".repeat(5_000)), now);
    assertThat(udp.failure())
        .hasMessageStartingWith("it says: \\u{1b}[2Jgo away!")
        .hasMessageEndingWith("\u2026");
    assertThat(String.valueOf(udp.failure())).hasSizeLessThan(300);
  }

  @Test
  void anErrorToTheConnectIsFinal() {
    UdpAnnounce udp = announce(9);
    udp.receive(error(sent(udp).getInt(12), ""), now);
    assertThat(udp.failure()).hasMessage("it says: ");
  }

  /** Answering half of it for ever does not keep us busy for ever. */
  @Test
  void aTrackerThatOnlyConnectsIsGivenUp() {
    UdpAnnounce udp = announce(UdpAnnounce.MAX_TRANSMISSIONS);
    int packets = 0;
    while (!udp.isDone()) {
      ByteBuffer packet = poll(udp);
      if (packet != null) {
        packets++;
        udp.receive(connectAnswer(packet.getInt(12), packets), now);
      }
      now += udp.isDone() ? 0 : udp.nanosUntilPoll(now);
    }
    assertThat(packets).isLessThanOrEqualTo(2 * UdpAnnounce.MAX_TRANSMISSIONS);
    assertThat(udp.failure()).hasMessage("it does not answer");
  }

  @Test
  void ofManyPeersTheFirstAreRead() {
    for (int count : List.of(TrackerAnswer.MAX_PEERS - 1, TrackerAnswer.MAX_PEERS + 1, 10_000)) {
      UdpAnnounce udp = announce("", false, 9, count);
      connection.forget();
      byte[] peers = new byte[6 * count];
      java.util.Arrays.fill(peers, (byte) 1);
      udp.receive(answer(connected(udp), peers), now);
      assertThat(answered(udp).peers()).hasSize(Math.min(count, TrackerAnswer.MAX_PEERS));
    }
  }

  @Test
  void anUnusualPathIsToldAsBep41Says() {
    UdpAnnounce udp = announce("/a?secret=1", false, 9, 1);
    udp.receive(connectAnswer(sent(udp).getInt(12), 77), now);
    ByteBuffer packet = sent(udp).position(98);
    byte[] option = new byte[packet.remaining()];
    packet.get(option);
    assertThat(option).isEqualTo("\2\13/a?secret=1".getBytes(StandardCharsets.US_ASCII));

    connection.forget();
    UdpAnnounce longest = announce("/" + "x".repeat(2_000), false, 9, 1);
    longest.receive(connectAnswer(sent(longest).getInt(12), 77), now);
    assertThat(sent(longest).remaining()).isEqualTo(UdpAnnounce.MAX_PACKET);
  }

  @Test
  void transactionsAreNotCounted() {
    Set<Integer> seen = new HashSet<>();
    for (int seed = 0; seed < 100; seed++) {
      seen.add(sent(announce("", false, 9, seed)).getInt(12));
    }
    assertThat(seen).hasSize(100);
  }
}
