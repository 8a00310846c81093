package org.peerwire.extension.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.Allocation;
import org.peerwire.InfoHash;
import org.peerwire.Profile;
import org.peerwire.SplitMix64;
import org.peerwire.Violation;
import org.peerwire.extension.Wired;
import org.peerwire.wire.CloseCause;

class MetadataTest {
  private static final int BLOCK = 16384;

  /** A peer's ids: it wants metadata messages under 3, we want them under 1. */
  private static String hello(int size) {
    return "d1:md11:ut_metadatai3ee13:metadata_sizei" + size + "ee";
  }

  private static byte[] info(int size) {
    return new SplitMix64(size).bytes(size);
  }

  private static InfoHash hash(byte[] info) throws Exception {
    return InfoHash.of(MessageDigest.getInstance("SHA-1").digest(info));
  }

  private static byte[] data(byte[] info, int piece) {
    return data(info, piece, info.length);
  }

  private static byte[] data(byte[] info, int piece, int total) {
    byte[] head = Wired.latin("d8:msg_typei1e5:piecei" + piece + "e10:total_sizei" + total + "ee");
    int from = piece * BLOCK;
    int to = Math.min(info.length, from + BLOCK);
    byte[] all = Arrays.copyOf(head, head.length + to - from);
    System.arraycopy(info, from, all, head.length, to - from);
    return all;
  }

  private static String request(int piece) {
    return "d8:msg_typei0e5:piecei" + piece + "ee";
  }

  private static String reject(int piece) {
    return "d8:msg_typei2e5:piecei" + piece + "ee";
  }

  /** Several wires that fetch the same, and what came of it. */
  private static final class Fetch implements MetadataFetch.Listener {
    final List<ByteBuffer> got = new ArrayList<>();
    final List<UtMetadata> liars = new ArrayList<>();
    final List<Peer> peers = new ArrayList<>();
    final MetadataFetch fetch;
    Profile profile = Profile.INTEROP;

    Fetch(byte[] info) throws Exception {
      fetch = MetadataFetch.sha1(hash(info), MetadataFetch.DEFAULT_MAX_SIZE, this);
    }

    @Override
    public void onMetadata(ByteBuffer info) {
      got.add(info);
    }

    @Override
    public void onLiar(UtMetadata liar, Violation violation) {
      liars.add(liar);
    }

    Peer peer(byte[] serves) {
      Peer peer = new Peer(this, serves);
      peers.add(peer);
      return peer;
    }

    /** The peers answer, and time passes, until it is done or a while is over. */
    void run(int seconds) {
      for (int i = 0; i < seconds && !fetch.isDone(); i++) {
        for (int round = 0; round < 100; round++) {
          boolean busy = false;
          for (Peer peer : peers) {
            busy |= peer.answer();
          }
          if (!busy) {
            break;
          }
        }
        peers.forEach(peer -> peer.wired.pass(1));
        peers.forEach(peer -> peer.wired.hear("00000000"));
      }
    }
  }

  /** One that answers what it is asked, from bytes that may be wrong. */
  private static class Peer {
    final Wired wired;
    final UtMetadata handle;
    final byte[] serves;
    int requests;

    Peer(Fetch fetch, byte[] serves) {
      this.serves = serves;
      handle = new UtMetadata(fetch.fetch);
      wired = Wired.open(fetch.profile, wire -> wire.use(handle));
      wired.extended(0, hello(serves.length));
    }

    boolean answer() {
      boolean busy = false;
      for (String said : wired.said()) {
        if (said.startsWith("3:d8:msg_typei0e")) {
          requests++;
          busy = true;
          answer(Integer.parseInt(said.substring(said.indexOf("piecei") + 6, said.length() - 2)));
        }
      }
      return busy;
    }

    void answer(int piece) {
      if (!wired.wire.isClosed()) {
        wired.extended(1, data(serves, piece));
      }
    }
  }

  // ---------------------------------------------------------------- the messages

  /** The examples of BEP 9, byte by byte. */
  @Test
  void theSpecificationsExamples() throws Exception {
    byte[] info = info(3425);
    Fetch fetch = new Fetch(info);
    Wired peer = fetch.peer(info).wired;
    assertThat(peer.saidHex())
        .isEqualTo(
            "0000001b" // length: 27
                + "14" // extended
                + "03" // the id that the peer named
                + hex("d8:msg_typei0e5:piecei0ee"));
    peer.hear(
        String.format("%08x", 2 + 44 + 3425) // length
            + "14" // extended
            + "01" // the id that we named
            + hex("d8:msg_typei1e5:piecei0e10:total_sizei3425ee")
            + java.util.HexFormat.of().formatHex(info));
    assertThat(fetch.got).containsExactly(ByteBuffer.wrap(info));
    assertThat(fetch.got.get(0).isReadOnly()).isTrue();
    assertThat(peer.violations()).isEmpty();
  }

  @Test
  void servesWhatItHasAndAnnouncesIt() {
    byte[] info = info(BLOCK + 100);
    UtMetadata serving = new UtMetadata();
    serving.serve(ByteBuffer.wrap(info));
    Wired peer = Wired.fresh(Profile.STRICT, false);
    peer.wire.use(serving);
    peer.handshakes();
    assertThat(peer.said())
        .containsExactly("0:d1:md11:ut_metadatai1ee13:metadata_sizei16484e4:reqqi250ee");
    peer.extended(0, "d1:md11:ut_metadatai3eee");
    peer.extended(1, request(1));
    peer.extended(1, request(0));
    assertThat(peer.said())
        .containsExactly("3:" + latin(data(info, 1)), "3:" + latin(data(info, 0)));
  }

  @Test
  void whatItGetsItServesOn() throws Exception {
    byte[] info = info(100);
    Fetch fetch = new Fetch(info);
    Peer source = fetch.peer(info);
    Wired other = fetch.peer(new byte[1]).wired;
    other.said();
    fetch.peers.remove(1);
    fetch.run(1);
    assertThat(fetch.fetch.isDone()).isTrue();
    assertThat(other.said()).contains("0:d1:md11:ut_metadatai1ee13:metadata_sizei100e4:reqqi250ee");
    other.extended(1, request(0));
    assertThat(other.said()).containsExactly("3:" + latin(data(info, 0)));
    assertThat(source.wired.violations()).isEmpty();
  }

  /** Both ends are ours, both strict, and not a byte between them is touched. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void bothRolesFitTogether(boolean fast) throws Exception {
    byte[] info = info(20 * BLOCK + 1);
    Fetch fetch = new Fetch(info);
    UtMetadata serving = new UtMetadata();
    serving.serve(ByteBuffer.wrap(info));
    Wired seeder = Wired.fresh(Profile.STRICT, fast);
    Wired leecher = Wired.fresh(Profile.STRICT, fast);
    seeder.wire.use(serving);
    leecher.wire.use(new UtMetadata(fetch.fetch));
    seeder.handshakes();
    leecher.handshakes();
    for (int i = 0; i < 40 && !fetch.fetch.isDone(); i++) {
      leecher.hear(seeder.saidHex());
      seeder.hear(leecher.saidHex());
    }
    assertThat(fetch.got).containsExactly(ByteBuffer.wrap(info));
    assertThat(seeder.violations()).isEmpty();
    assertThat(leecher.violations()).isEmpty();
  }

  @Test
  void aV2InfoHashIsASha256() throws Exception {
    byte[] info = info(BLOCK * 2);
    List<ByteBuffer> got = new ArrayList<>();
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(info);
    MetadataFetch fetch = MetadataFetch.sha256(hash, 1 << 20, got::add);
    Wired peer = Wired.open(wire -> wire.use(new UtMetadata(fetch)));
    peer.extended(0, hello(info.length));
    peer.extended(1, data(info, 1));
    assertThat(fetch.held()).isEqualTo(BLOCK);
    peer.extended(1, data(info, 0));
    assertThat(got).containsExactly(ByteBuffer.wrap(info));
    assertThat(fetch.held()).isZero();
  }

  // ---------------------------------------------------------------- M

  @ParameterizedTest
  @ValueSource(strings = {"-1", "1", "1000000000", "4294967296", "9223372036854775807"})
  void m01_requestsForWhatIsNotThereAreRejected(String piece) {
    Wired peer = serving(info(100));
    peer.extended(1, "d8:msg_typei0e5:piecei" + piece + "ee");
    assertThat(peer.said()).containsExactly("3:d8:msg_typei2e5:piecei" + piece + "ee");
    assertThat(peer.violations()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void m02_eachBlockTwiceThenRejectsThenTheEnd(Profile profile) {
    UtMetadata serving = new UtMetadata();
    serving.serve(ByteBuffer.wrap(info(3 * BLOCK)));
    Wired peer = Wired.open(profile, wire -> wire.use(serving));
    peer.extended(0, hello(0));
    peer.said();
    int served = 0;
    int rejected = 0;
    for (int i = 0; i < 20_000 && !peer.wire.isClosed(); i++) {
      peer.extended(1, request(0));
      for (String said : peer.said()) {
        served += said.startsWith("3:d8:msg_typei1e") ? 1 : 0;
        rejected += said.startsWith("3:d8:msg_typei2e") ? 1 : 0;
      }
    }
    assertThat(served).isEqualTo(6);
    assertThat(rejected).isEqualTo(24);
    assertThat(peer.closedBy()).isEqualTo(Violation.METADATA_FLOOD);
  }

  /** One that asks and does not read makes us hold a window, and not all that it asked for. */
  @Test
  void m02_whoDoesNotReadIsNotServedAhead() {
    Wired peer = serving(info(100 * BLOCK));
    byte[] burst = Wired.frame(1, Wired.latin(request(7)));
    ByteBuffer all = ByteBuffer.allocate(burst.length * 200);
    for (int i = 0; i < 200; i++) {
      all.put(burst);
    }
    peer.hear(all.array());
    assertThat(peer.wire.transport().pending()).isLessThan(64 * 1024 + BLOCK + 100);
    assertThat(peer.wire.transport().wantsInput()).isFalse();
    int served = 0;
    for (int i = 0; i < 100; i++) {
      served += peer.said().size();
    }
    assertThat(served).isEqualTo(200);
  }

  @ParameterizedTest
  @EnumSource
  void m03_typesThatAreNotKnownAreIgnored(Profile profile) throws Exception {
    Fetch fetch = new Fetch(info(100));
    fetch.profile = profile;
    Wired peer = fetch.peer(info(100)).wired;
    peer.said();
    peer.extended(1, "d8:msg_typei99e5:piecei0ee");
    peer.extended(1, "d8:msg_typei-1ee");
    assertThat(peer.said()).isEmpty();
    assertThat(peer.violations()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "le",
        "de",
        "d8:msg_typei0ee",
        "d5:piecei0ee",
        "d8:msg_typei1e5:piecei0ee",
        "d8:msg_type1:05:piecei0ee",
        "d8:msg_typei0e5:piece"
      })
  void m04_whatCannotBeReadCloses(String message) throws Exception {
    for (Profile profile : Profile.values()) {
      Fetch fetch = new Fetch(info(100));
      fetch.profile = profile;
      Wired peer = fetch.peer(info(100)).wired;
      peer.extended(1, message);
      assertThat(peer.closedBy()).isEqualTo(Violation.METADATA_MALFORMED);
    }
  }

  @ParameterizedTest
  @EnumSource
  void m05_whatWasNotAskedForIsNotKept(Profile profile) throws Exception {
    byte[] info = info(6 * BLOCK);
    Fetch fetch = new Fetch(info);
    fetch.profile = profile;
    Wired peer = fetch.peer(info).wired; // asked for blocks 0 to 3
    peer.extended(1, data(info, 5)); // another one
    peer.extended(1, data(info, 0));
    peer.extended(1, data(info, 0)); // twice
    assertThat(fetch.fetch.held()).isEqualTo(BLOCK);
    peer.extended(1, "d8:msg_typei1e5:piecei-1e10:total_sizei98304ee");
    peer.extended(1, "d8:msg_typei1e5:piecei4294967297e10:total_sizei98304ee");
    assertThat(peer.violations()).hasSize(4).containsOnly(Violation.METADATA_UNREQUESTED);
    assertThat(peer.closedBy()).isNull();
    peer.extended(1, data(info, 0));
    assertThat(peer.closedBy()).isEqualTo(Violation.METADATA_UNREQUESTED);
    assertThat(fetch.fetch.held()).isZero();

    Wired seeder = serving(info);
    seeder.extended(1, data(info, 0)); // to one who fetches nothing
    assertThat(seeder.violations()).containsExactly(Violation.METADATA_UNREQUESTED);
  }

  @ParameterizedTest
  @EnumSource
  void m06_lengthsOtherThanAgreedClose(Profile profile) throws Exception {
    byte[] info = info(2 * BLOCK + 100);
    List<byte[]> wrong =
        List.of(
            Arrays.copyOf(data(info, 0), data(info, 0).length - 1), // short in the middle
            Arrays.copyOf(data(info, 0), data(info, 0).length + 1), // long in the middle
            Arrays.copyOf(data(info, 2), data(info, 2).length + 1), // the last one too long
            Arrays.copyOf(data(info, 2), data(info, 2).length - 1), // or too short
            data(info, 0, info.length + 1)); // another total
    for (byte[] message : wrong) {
      Fetch fetch = new Fetch(info);
      fetch.profile = profile;
      Peer peer = fetch.peer(info);
      peer.wired.extended(1, message);
      assertThat(peer.wired.closedBy()).isEqualTo(Violation.METADATA_BLOCK_LENGTH);
      assertThat(fetch.liars).containsExactly(peer.handle);
      assertThat(fetch.fetch.held()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void m07_aSmallOneComesFromOnePeerAtATimeAndTheLiarIsNamed(Profile profile) throws Exception {
    byte[] info = info(3 * BLOCK);
    byte[] poison = info.clone();
    poison[BLOCK + 7] ^= 1;
    Fetch fetch = new Fetch(info);
    fetch.profile = profile;
    Peer liar = fetch.peer(poison);
    Peer honest = fetch.peer(info);
    Peer other = fetch.peer(info);
    fetch.run(60);
    assertThat(fetch.got).containsExactly(ByteBuffer.wrap(info));
    assertThat(fetch.liars).containsExactly(liar.handle);
    assertThat(liar.wired.closedBy()).isEqualTo(Violation.METADATA_HASH);
    assertThat(honest.wired.violations()).isEmpty();
    assertThat(liar.requests).isEqualTo(3);
    assertThat(honest.requests + other.requests).isEqualTo(3);
  }

  @Test
  void m07_aLargeOneFromManyThatIsWrongNamesTheLiarInTheEnd() throws Exception {
    byte[] info = info(40 * BLOCK + 5);
    byte[] poison = info.clone();
    for (int i = 0; i < poison.length; i += 1000) {
      poison[i] ^= 1;
    }
    Fetch fetch = new Fetch(info);
    Peer one = fetch.peer(info);
    Peer liar = fetch.peer(poison);
    Peer three = fetch.peer(info);
    fetch.run(300);
    assertThat(fetch.got).containsExactly(ByteBuffer.wrap(info));
    assertThat(fetch.liars).containsExactly(liar.handle);
    assertThat(one.requests).isPositive();
    assertThat(liar.requests).isPositive();
    assertThat(one.wired.violations()).isEmpty();
    assertThat(three.wired.violations()).isEmpty();
  }

  @Test
  void m07_wrongSizesOfMostPeersDoNotKeepTheRightOneOut() throws Exception {
    byte[] info = info(3 * BLOCK);
    Fetch fetch = new Fetch(info);
    Peer shorter = fetch.peer(info(2 * BLOCK));
    Peer longer = fetch.peer(info(4 * BLOCK));
    Peer honest = fetch.peer(info);
    fetch.run(120);
    assertThat(fetch.got).containsExactly(ByteBuffer.wrap(info));
    assertThat(fetch.liars).containsExactlyInAnyOrder(shorter.handle, longer.handle);
    assertThat(honest.wired.violations()).isEmpty();
  }

  /** 1 MiB of wrong bytes a minute, whoever they are from. */
  @Test
  void m07_triesThatFailAreSlow() throws Exception {
    byte[] info = info(8 * BLOCK);
    Fetch fetch = new Fetch(info);
    for (int i = 0; i < 40; i++) {
      byte[] poison = info.clone();
      poison[i] ^= 1;
      fetch.peer(poison);
    }
    fetch.run(60);
    assertThat(fetch.liars).hasSizeBetween(7, 9); // of 128 KiB each
  }

  /** What is inside is for the reader of torrents: here only the hash counts. */
  @Test
  void m08_hostileContentIsGivenAsItIs() throws Exception {
    byte[] bomb = Wired.latin("d".repeat(20_000));
    Fetch fetch = new Fetch(bomb);
    fetch.peer(bomb);
    fetch.run(1);
    assertThat(fetch.got).containsExactly(ByteBuffer.wrap(bomb));
    assertThat(fetch.liars).isEmpty();
  }

  @Test
  void m09_requestsBeforeWeHaveItAreRejected() throws Exception {
    Fetch fetch = new Fetch(info(100));
    Wired peer = fetch.peer(info(100)).wired;
    peer.said();
    peer.extended(1, request(0));
    assertThat(peer.said()).containsExactly("3:" + reject(0));
    assertThat(peer.violations()).isEmpty();
  }

  @Test
  void b11_m10_claimsOfManyPeersCostNothing() throws Exception {
    Fetch fetch = new Fetch(info(100));
    for (int i = 0; i < 500; i++) {
      fetch.peer(new byte[0]).wired.extended(0, hello(4 << 20));
    }
    assertThat(fetch.fetch.sourceCount()).isEqualTo(500);
    assertThat(fetch.fetch.held()).isZero();
    Peer late = fetch.peer(new byte[0]);
    byte[] claim = Wired.frame(0, Wired.latin(hello(4 << 20)));
    long cost =
        Allocation.of(
            () -> {
              late.wired.now += 60_000_000_001L;
              late.wired.wire.transport().receive(ByteBuffer.wrap(claim), late.wired.now);
            });
    assertThat(cost).isLessThan(64 << 10);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "0", "1099511627776", "4194305", "2147483647"})
  void b11_x18_sizesBeyondTheLimitCountAsNone(String size) throws Exception {
    Fetch fetch = new Fetch(info(100));
    Wired peer = fetch.peer(new byte[0]).wired;
    peer.said();
    peer.extended(0, "d13:metadata_sizei" + size + "ee");
    peer.pass(100);
    assertThat(peer.said()).isEmpty();
    assertThat(fetch.fetch.sourceCount()).isZero();
  }

  @Test
  void x18_aSizeThatChangesAfterTheFirstBlockExcludesThePeer() throws Exception {
    byte[] info = info(3 * BLOCK);
    Fetch fetch = new Fetch(info);
    Peer fickle = fetch.peer(info);
    fickle.wired.extended(1, data(info, 0));
    fickle.wired.extended(0, hello(info.length + 1));
    assertThat(fickle.wired.violations()).containsExactly(Violation.METADATA_SIZE_CHANGED);
    assertThat(fetch.fetch.sourceCount()).isZero();
    assertThat(fetch.fetch.held()).isZero();
    Peer honest = fetch.peer(info);
    fetch.run(5);
    assertThat(fetch.fetch.isDone()).isTrue();
    assertThat(honest.requests).isEqualTo(3);
  }

  // ---------------------------------------------------------------- peers that fail

  @Test
  void aPeerThatRejectsRestsAndTheNextOneIsAsked() throws Exception {
    byte[] info = info(100);
    Fetch fetch = new Fetch(info);
    Wired first = fetch.peer(info).wired;
    Peer second = fetch.peer(info);
    first.extended(1, reject(0));
    assertThat(first.violations()).isEmpty();
    assertThat(second.answer()).isTrue();
    assertThat(fetch.fetch.isDone()).isTrue();
  }

  @Test
  void aPeerThatRejectedIsAskedAgainWhenThereIsNobodyElse() throws Exception {
    byte[] info = info(100);
    Fetch fetch = new Fetch(info);
    Peer only = fetch.peer(info);
    only.wired.said();
    only.wired.extended(1, reject(0));
    only.wired.pass(59);
    assertThat(only.wired.said()).isEmpty();
    only.wired.pass(2);
    assertThat(only.answer()).isTrue();
    assertThat(fetch.fetch.isDone()).isTrue();
  }

  @Test
  void aPeerThatIsSilentLosesItsTurnAndMayAnswerLate() throws Exception {
    byte[] info = info(100);
    Fetch fetch = new Fetch(info);
    Peer silent = fetch.peer(info);
    silent.wired.said();
    Peer second = fetch.peer(info);
    silent.wired.pass(21);
    assertThat(second.answer()).isTrue();
    assertThat(fetch.fetch.isDone()).isTrue();
    silent.wired.extended(1, data(info, 0));
    assertThat(silent.wired.violations()).isEmpty();
  }

  @Test
  void aPeerThatLeavesIsReplaced() throws Exception {
    byte[] info = info(30 * BLOCK);
    Fetch fetch = new Fetch(info);
    Peer first = fetch.peer(info);
    Peer second = fetch.peer(info);
    first.wired.extended(1, data(info, 0));
    first.wired.wire.transport().endOfInput(0);
    fetch.run(5);
    assertThat(fetch.got).containsExactly(ByteBuffer.wrap(info));
    // What the first one gave was kept.
    assertThat(second.requests).isEqualTo(29);
  }

  /** Whatever comes, it ends in the right bytes or in none, and in nothing but violations. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void anyMixOfLiesEndsInTheRightBytes(long seed) throws Exception {
    System.out.println("MetadataTest seed " + seed);
    SplitMix64 random = new SplitMix64(seed);
    for (int run = 0; run < 20; run++) {
      byte[] info = info(1 + random.below(20 * BLOCK));
      Fetch fetch = new Fetch(info);
      int liars = random.below(4);
      for (int i = 0; i < liars; i++) {
        byte[] lie = info(1 + random.below(20 * BLOCK));
        if (random.below(2) == 0) {
          lie = info.clone();
          lie[random.below(lie.length)] ^= 1;
        }
        boolean noisy = random.below(2) == 0;
        Peer peer =
            new Peer(fetch, lie) {
              @Override
              void answer(int piece) {
                byte[] message = data(serves, piece);
                if (noisy) {
                  message[random.below(Math.min(50, message.length))] = (byte) random.nextLong();
                }
                if (!wired.wire.isClosed()) {
                  wired.extended(1, message);
                }
              }
            };
        fetch.peers.add(peer);
      }
      Peer honest = fetch.peer(info);
      fetch.run(1000);
      assertThat(fetch.got).containsExactly(ByteBuffer.wrap(info));
      assertThat(fetch.liars).doesNotContain(honest.handle);
      assertThat(honest.wired.violations()).isEmpty();
      for (Peer peer : fetch.peers) {
        assertThat(peer.wired.end())
            .satisfiesAnyOf(
                end -> assertThat(end).isNull(),
                end -> assertThat(end).isInstanceOf(CloseCause.Violated.class));
      }
    }
  }

  private static Wired serving(byte[] info) {
    UtMetadata serving = new UtMetadata();
    serving.serve(ByteBuffer.wrap(info));
    Wired peer = Wired.open(wire -> wire.use(serving));
    peer.extended(0, hello(0));
    peer.said();
    return peer;
  }

  private static String latin(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static String hex(String latin) {
    return java.util.HexFormat.of().formatHex(Wired.latin(latin));
  }
}
