package org.peerwire.extension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.Allocation;
import org.peerwire.Feature;
import org.peerwire.Profile;
import org.peerwire.SplitMix64;
import org.peerwire.Violation;
import org.peerwire.bencode.BencodeDict;
import org.peerwire.bencode.BencodeWriter;
import org.peerwire.wire.CloseCause;
import org.peerwire.wire.Extension;
import org.peerwire.wire.PeerWire;

class ExtensionProtocolTest {
  /** As short as a user's own extension can be. */
  static final class Chat extends Extension {
    final List<String> heard = new ArrayList<>();

    Chat() {
      super("my_chat");
    }

    boolean say(String line) {
      return send(StandardCharsets.UTF_8.encode(line));
    }

    @Override
    protected void onMessage(ByteBuffer payload) {
      heard.add(StandardCharsets.UTF_8.decode(payload).toString());
    }
  }

  /** One that speaks bencode and adds a field to the handshake. */
  static final class Weather extends Extension {
    final List<String> heard = new ArrayList<>();
    int handshakes;

    Weather() {
      super("my_weather");
    }

    @Override
    protected void describe(ExtensionHandshake.Builder handshake) {
      handshake.other("my_place", "Oslo");
    }

    @Override
    protected void onHandshake(ExtensionHandshake peer) {
      handshakes++;
    }

    @Override
    protected void onMessage(BencodeDict message, ByteBuffer rest) {
      heard.add(message.integer("degrees").getAsLong() + ", " + rest.remaining() + " more");
    }

    void tell(int degrees) {
      send(new BencodeWriter().beginDict().put("degrees", degrees).end());
    }
  }

  @Test
  void anExtensionOfOnesOwnSpeaksBytes() {
    Chat chat = new Chat();
    Wired peer = Wired.open(wire -> wire.use(chat));
    assertThat(chat.say("not yet")).isFalse();

    peer.extended(0, "d1:md7:my_chati7eee");
    assertThat(chat.say("hello")).isTrue();
    // length 7, extended, the id that the peer named, "hello"
    assertThat(peer.saidHex()).isEqualTo("00000007" + "14" + "07" + "68656c6c6f");

    peer.extended(1, "hi"); // the id that we named
    assertThat(chat.heard).containsExactly("hi");
    assertThat(peer.wire.extension(Chat.class)).isSameAs(chat);
    assertThat(peer.wire.extension(Weather.class)).isNull();
  }

  @Test
  void anExtensionOfOnesOwnSpeaksBencode() {
    Weather weather = new Weather();
    Wired peer = Wired.fresh(Profile.STRICT, true);
    peer.wire.use(weather);
    peer.handshakes();
    assertThat(peer.said())
        .containsExactly("0f", "0:d1:md10:my_weatheri1ee8:my_place4:Oslo4:reqqi250ee");
    peer.hear("00000001 0f");
    peer.extended(0, "d1:md10:my_weatheri3eee");
    weather.tell(-4);
    assertThat(peer.said()).containsExactly("3:d7:degreesi-4ee");
    peer.extended(1, "d7:degreesi21eexx");
    assertThat(weather.heard).containsExactly("21, 2 more");
    peer.extended(1, "d7:degreesi21e");
    assertThat(peer.violations()).containsExactly(Violation.EXTENSION_MALFORMED);
  }

  /** BEP 6 wants what we have first, BEP 10 wants the extension handshake at once. */
  @Test
  void withFastTheHaveStateComesFirst() {
    Wired peer = Wired.fresh(Profile.INTEROP, true);
    peer.wire.use(new Chat());
    peer.wire.extensionHandshake(ExtensionHandshake.builder().v("peerwire").p(6881).build());
    peer.handshakes(Feature.EXTENSION_PROTOCOL.mask() | Feature.FAST.mask());
    assertThat(peer.saidHex())
        .isEqualTo(
            "00000001 0f".replace(" ", "") // have none
                + hex(0, "d1:md7:my_chati1ee1:pi6881e4:reqqi250e1:v8:peerwiree"));
  }

  @Test
  void whatWeHaveGoesBeforeItAndWhatElseIsSaidBehind() {
    Wired peer = Wired.fresh(Profile.STRICT, true).layout(8);
    peer.wire.use(new Chat());
    peer.wire.handshake(Wired.TORRENT, org.peerwire.PeerId.ofAscii("-PW0000-usususususuS"));
    peer.wire.bitfield(Wired.all(8));
    peer.wire.interested();
    peer.saidHex();
    ByteBuffer theirs = ByteBuffer.allocate(68);
    theirs.put("\u0013BitTorrent protocol".getBytes(StandardCharsets.ISO_8859_1));
    theirs.putLong(Feature.EXTENSION_PROTOCOL.mask() | Feature.FAST.mask());
    theirs
        .put(Wired.TORRENT.toBytes())
        .put("-XX0000-themthemthem".getBytes(StandardCharsets.US_ASCII));
    peer.hear(theirs.array());
    assertThat(peer.said()).containsExactly("0e", "0:d1:md7:my_chati1ee4:reqqi250ee", "02");
  }

  @Test
  void withoutFastNothingNeedsToComeFirst() {
    Wired peer = Wired.fresh(Profile.STRICT, false);
    peer.wire.use(new Chat());
    peer.handshakes();
    assertThat(peer.said()).containsExactly("0:d1:md7:my_chati1ee4:reqqi250ee");
  }

  @Test
  void whoUsesNoExtensionSendsNoHandshakeAndMaySpeakBytes() {
    Wired peer = Wired.open(wire -> {});
    assertThat(peer.said()).isEmpty();
    peer.extended(0, "d1:md3:fooi9eee");
    peer.extended(77, "anything");
    peer.wire.extended(9, ByteBuffer.wrap(new byte[] {1}));
    assertThat(peer.said()).containsExactly("0f", "9:\u0001");
    assertThat(peer.events)
        .containsExactly("extended 0, 15 bytes", "extension handshake", "extended 77, 8 bytes");
    assertThat(peer.violations()).isEmpty();
  }

  /** Whatever order our side chooses, a strict one of ours takes it. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void ourStrictSideAcceptsWhatWeSend(boolean fast) {
    Wired one = Wired.fresh(Profile.STRICT, fast);
    Wired other = Wired.fresh(Profile.STRICT, fast);
    Chat chat = one.wire.use(new Chat());
    Chat heard = other.wire.use(new Chat());
    one.handshakes();
    other.handshakes();
    for (int i = 0; i < 3; i++) {
      other.hear(one.saidHex());
      one.hear(other.saidHex());
    }
    chat.say("a");
    other.hear(one.saidHex());
    assertThat(heard.heard).containsExactly("a");
    assertThat(other.reports).isEmpty();
    assertThat(one.reports).isEmpty();
  }

  @Test
  void aLaterUseOrFieldTellsAllAgain() {
    Wired peer = Wired.open(wire -> wire.use(new Chat()));
    Weather weather = peer.wire.use(new Weather());
    assertThat(peer.said())
        .containsExactly("0:d1:md7:my_chati1e10:my_weatheri2ee8:my_place4:Oslo4:reqqi250ee");
    peer.wire.extensionHandshake(ExtensionHandshake.builder().p(51413).build());
    assertThat(peer.said())
        .containsExactly(
            "0:d1:md7:my_chati1e10:my_weatheri2ee8:my_place4:Oslo1:pi51413e4:reqqi250ee");
    peer.wire.disuse(weather);
    assertThat(peer.said())
        .containsExactly("0:d1:md7:my_chati1e10:my_weatheri0ee1:pi51413e4:reqqi250ee");
    peer.extended(2, "de");
    assertThat(peer.violations()).containsExactly(Violation.EXTENSION_UNKNOWN_ID);
  }

  @Test
  void anExtensionUsedLateStillHearsWhatThePeerSaid() {
    Wired peer = Wired.open(wire -> {});
    peer.extended(0, "d1:md10:my_weatheri3eee");
    Weather weather = peer.wire.use(new Weather());
    assertThat(weather.handshakes).isZero();
    peer.turn();
    assertThat(weather.handshakes).isEqualTo(1);
    assertThat(weather.isSupported()).isTrue();
  }

  @Test
  void aNameOnlyOnceAndAHandleOnOneWire() {
    Wired peer = Wired.open(wire -> wire.use(new Chat()));
    assertThatThrownBy(() -> peer.wire.use(new Chat())).isInstanceOf(IllegalStateException.class);
    Weather weather = peer.wire.use(new Weather());
    Wired other = Wired.open(wire -> {});
    assertThatThrownBy(() -> other.wire.use(weather)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> other.wire.disuse(weather))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Chat().wire()).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void anExtensionThatThrowsClosesItsWire() {
    Wired peer =
        Wired.open(
            wire ->
                wire.use(
                    new Extension("broken") {
                      @Override
                      protected void onMessage(ByteBuffer payload) {
                        throw new IllegalStateException("broken");
                      }
                    }));
    peer.extended(1, "");
    assertThat(peer.end()).isInstanceOf(CloseCause.ListenerFailed.class);
  }

  /** The peer's reqq bounds how many requests of ours are pending. */
  @Test
  void thePeersQueueBoundsOurRequests() {
    Wired peer = Wired.open(wire -> {}).layout(64);
    assertThat(peer.wire.maxRequests()).isEqualTo(500);
    peer.extended(0, "d4:reqqi2ee");
    peer.hear("00000001 01"); // unchoke
    assertThat(peer.wire.maxRequests()).isEqualTo(2);
    assertThat(peer.wire.request(0, 0, 16384, null)).isTrue();
    assertThat(peer.wire.request(1, 0, 16384, null)).isTrue();
    assertThat(peer.wire.request(2, 0, 16384, null)).isFalse();
    peer.extended(0, "d4:reqqi3ee");
    assertThat(peer.wire.request(2, 0, 16384, null)).isTrue();
    peer.extended(0, "d1:v1:xe");
    assertThat(peer.wire.maxRequests()).isEqualTo(3);
  }

  @Test
  void x01_extendedWithoutTheBitIsTakenOrCloses() {
    for (Profile profile : Profile.values()) {
      Wired peer = Wired.fresh(profile, false);
      Chat chat = peer.wire.use(new Chat());
      peer.handshakes(0);
      peer.extended(0, "d1:md7:my_chati7eee");
      assertThat(peer.violations()).containsExactly(Violation.EXTENSION_NOT_NEGOTIATED);
      assertThat(peer.closedBy() != null).isEqualTo(profile == Profile.STRICT);
      assertThat(peer.wire.peerExtensions() != null).isEqualTo(profile == Profile.INTEROP);
      assertThat(chat.say("no")).isFalse();
      assertThat(peer.said()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void x02_anExtendedMessageWithoutItsIdCloses(Profile profile) {
    Wired peer = Wired.open(profile, wire -> wire.use(new Chat()));
    peer.hear("00000001 14");
    assertThat(peer.closedBy()).isEqualTo(Violation.FRAME_LENGTH);
  }

  @ParameterizedTest
  @EnumSource
  void x03_garbageIsForgivenOnce(Profile profile) {
    Wired peer = Wired.open(profile, wire -> wire.use(new Chat()));
    peer.extended(0, "garbage");
    assertThat(peer.violations()).containsExactly(Violation.EXTENSION_MALFORMED);
    assertThat(peer.wire.peerExtensions()).isNull();
    assertThat(peer.closedBy()).isNull();
    peer.extended(0, "le");
    assertThat(peer.closedBy()).isEqualTo(Violation.EXTENSION_MALFORMED);
  }

  @ParameterizedTest
  @EnumSource
  void x04_nestingIsBoundedAndCostsNothing(Profile profile) throws Exception {
    Wired peer = Wired.open(profile, wire -> wire.use(new Chat()));
    peer.extended(0, "d1:m" + "l".repeat(50_000) + "e".repeat(50_000) + "e");
    peer.extended(0, "d1:a".repeat(30_000));
    assertThat(peer.violations()).containsExactly(Violation.BENCODE_DEPTH, Violation.BENCODE_DEPTH);
    assertThat(peer.closedBy()).isNull();

    // Shared by all frames of the peer: what the frame itself takes is its own bytes.
    byte[] bomb = Wired.frame(0, Wired.latin("d1:m" + "l".repeat(100_000)));
    long cost =
        Allocation.of(
            () -> {
              peer.now += 60_000_000_001L;
              peer.wire.transport().receive(ByteBuffer.wrap(bomb), peer.now);
            });
    assertThat(cost).isLessThan(4096);
  }

  @Test
  void x05_aHugeDictionaryIsRefusedBySizeAndByTokens() {
    Wired large = Wired.open(wire -> wire.use(new Chat()));
    large.hear("000dbba0 14 00"); // 900,000 bytes
    assertThat(large.closedBy()).isEqualTo(Violation.FRAME_TOO_LARGE);

    Wired many = Wired.open(wire -> wire.use(new Chat()));
    StringBuilder keys = new StringBuilder("d");
    for (int i = 10_000; i < 15_000; i++) {
      keys.append("5:").append(i).append("i1e");
    }
    many.extended(0, keys.append('e').toString());
    assertThat(many.violations()).containsExactly(Violation.EXTENSION_MALFORMED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"v2147483647:x", "v99999999999999999999:x", "v-1:", "v05:hello"})
  void x06_stringLengthsThatLieCostNothing(String value) throws Exception {
    Wired peer = Wired.open(wire -> wire.use(new Chat()));
    peer.extended(0, "d1:" + value + "e");
    assertThat(peer.violations()).containsExactly(Violation.BENCODE_STRING_LENGTH);
    byte[] frame = Wired.frame(0, Wired.latin("d1:" + value + "e"));
    long cost =
        Allocation.of(
            () -> {
              peer.now += 60_000_000_001L;
              peer.wire.transport().receive(ByteBuffer.wrap(frame), peer.now);
            });
    assertThat(cost).isLessThan(4096);
  }

  @ParameterizedTest
  @ValueSource(strings = {"i-0e", "i03e", "ie", "i-e", "i+1e", "i1.0e", "i9223372036854775808e"})
  void x07_integersThatAreNone(String value) {
    Wired peer = Wired.open(wire -> wire.use(new Chat()));
    peer.extended(0, "d1:p" + value + "e");
    assertThat(peer.violations()).containsExactly(Violation.BENCODE_INTEGER);
    peer.extended(0, "d1:pi" + "9".repeat(1000) + "ee");
    assertThat(peer.violations()).hasSize(2).containsOnly(Violation.BENCODE_INTEGER);
    assertThat(peer.closedBy()).isNull();
  }

  @ParameterizedTest
  @EnumSource
  void x08_ofEqualKeysTheFirstCountsInAnyOrder(Profile profile) {
    Wired peer = Wired.open(profile, wire -> wire.use(new Chat()));
    peer.extended(0, "d1:pi7e1:v1:a1:v1:b1:md7:my_chati5eee");
    assertThat(peer.violations()).containsExactly(Violation.BENCODE_NOT_CANONICAL);
    assertThat(peerOf(peer).v()).isEqualTo("a");
    assertThat(peerOf(peer).p()).isEqualTo(7);
    assertThat(peerOf(peer).id("my_chat")).isEqualTo(5);
  }

  @ParameterizedTest
  @EnumSource
  void x09_whatFollowsTheDictionaryIsReportedAndIgnored(Profile profile) {
    Wired peer = Wired.open(profile, wire -> wire.use(new Chat()));
    peer.extended(0, "d1:v1:aexyz");
    assertThat(peer.violations()).containsExactly(Violation.EXTENSION_TRAILING);
    assertThat(peerOf(peer).v()).isEqualTo("a");
  }

  @Test
  void x10_idsOutOfRangeSwitchOffAndTheLastOfEqualOnesCounts() {
    Chat chat = new Chat();
    Wired peer = Wired.open(wire -> wire.use(chat));
    for (String bad : List.of("i256e", "i-1e", "1:x", "i0e")) {
      peer.extended(0, "d1:md7:my_chati5eee");
      assertThat(chat.isSupported()).isTrue();
      peer.extended(0, "d1:md7:my_chat" + bad + "ee");
      assertThat(chat.isSupported()).as(bad).isFalse();
    }
    assertThat(peer.violations()).isEmpty();
    peer.extended(0, "d1:md1:ai5e7:my_chati5eee");
    assertThat(peer.violations()).containsExactly(Violation.EXTENSION_DUPLICATE_ID);
    assertThat(peerOf(peer).m()).containsOnlyKeys("my_chat");
    // Our own ids mirrored are as good as any.
    pass(peer);
    peer.extended(0, "d1:md7:my_chati1eee");
    assertThat(chat.peerId()).isEqualTo(1);
  }

  @Test
  void x11_tenThousandHandshakesLeaveNothingBehind() {
    Wired peer = Wired.open(wire -> wire.use(new Chat()));
    for (int i = 0; i < 10_000; i++) {
      peer.extended(
          0, "d1:md7:my_chati" + (i % 2) + "e5:" + (10_000 + i) + "i" + (i % 255) + "eee");
    }
    assertThat(peer.events.stream().filter("extension handshake"::equals)).hasSize(10);

    // Spread over time, and each with a name of its own: still not more than there are ids.
    for (int i = 0; i < 2_000; i++) {
      pass(peer);
      peer.hear("00000000");
      peer.extended(0, "d1:md6:" + (100_000 + i) + "i" + (i % 256) + "eee");
    }
    assertThat(peerOf(peer).m()).hasSizeLessThanOrEqualTo(255);
    peer.extended(0, "d7:unknown" + 3000 + ":" + "x".repeat(3000) + "e");
    pass(peer);
    peer.extended(0, "d6:second" + 3000 + ":" + "x".repeat(3000) + "e");
    assertThat(peerOf(peer).others()).containsOnlyKeys("unknown");
  }

  @ParameterizedTest
  @EnumSource
  void x12_idsThatWeDidNotNameAreCounted(Profile profile) {
    Wired peer = Wired.open(profile, wire -> wire.use(new Chat()));
    for (int i = 0; i < 16; i++) {
      peer.extended(200, "x");
      assertThat(peer.closedBy()).isNull();
    }
    peer.extended(200, "x");
    assertThat(peer.closedBy()).isEqualTo(Violation.EXTENSION_UNKNOWN_ID);
  }

  @Test
  void x13_thePeersOwnIdIsExplained() {
    Wired peer = Wired.open(wire -> wire.use(new Chat()));
    peer.extended(0, "d1:md7:my_chati42eee");
    peer.extended(42, "x");
    assertThat(peer.reports.get(0).detail())
        .isEqualTo("extended id 42, the peer's own for my_chat");
  }

  @Test
  void x14_aQueueOfNothingCountsAsNotSaid() {
    assertThat(read("d4:reqqi0ee").requests()).isEqualTo(250);
    assertThat(read("d4:reqqi-5ee").requests()).isEqualTo(250);
    assertThat(read("d4:reqqi2147483648ee").requests()).isEqualTo(2048);
    assertThat(read("d4:reqqi1ee").requests()).isEqualTo(1);
  }

  @Test
  void x15_theClientsNameIsShortAndFitToBeShown() throws Exception {
    String rtl = "\u202e";
    byte[] bytes = ("\u001b[31m" + rtl + "x").getBytes(StandardCharsets.UTF_8);
    assertThat(read(concat("d1:v" + bytes.length + ":", bytes)).v())
        .isEqualTo("\\u{1b}[31m\\u{202e}x");
    String v = read("d1:v60000:" + "a".repeat(60_000) + "e").v();
    assertThat(v).hasSize(129).endsWith("\u2026");
    assertThat(read("d1:v2:\u00ff\u00fee").v()).isEqualTo("\ufffd\ufffd");
  }

  @Test
  void x16_yourIpHasFourOrSixteenBytes() {
    assertThat(read("d6:yourip4:\u007f\0\0\u0001e").yourip()).hasToString("127.0.0.1");
    assertThat(read("d6:yourip16:" + "\0".repeat(15) + "\u0001e").yourip()).hasToString("::1");
    assertThat(read("d6:yourip5:\u007f\0\0\u0001\0e").yourip()).isNull();
  }

  @Test
  void x17_onlyPortsThatExist() {
    assertThat(read("d1:pi22ee").p()).isEqualTo(22);
    assertThat(read("d1:pi0ee").p()).isNull();
    assertThat(read("d1:pi70000ee").p()).isNull();
  }

  @Test
  void x18_sizesThatNoMetadataHasWithdrawIt() {
    assertThat(read("d13:metadata_sizei-1ee").metadataSize()).isZero();
    assertThat(read("d13:metadata_sizei0ee").metadataSize()).isZero();
    assertThat(read("d13:metadata_sizei1099511627776ee").metadataSize()).isZero();
    assertThat(read("d13:metadata_sizei31235ee").metadataSize()).isEqualTo(31235);
  }

  /** The state that a peer can make us hold is bounded by what it says, whatever it says. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void anyBytesAreAnsweredByNothingWorseThanAViolation(long seed) {
    SplitMix64 random = new SplitMix64(seed);
    System.out.println("ExtensionProtocolTest seed " + seed);
    for (int i = 0; i < 500; i++) {
      Wired peer = Wired.open(wire -> wire.use(new Weather()));
      for (int j = 0; j < 20 && !peer.wire.isClosed(); j++) {
        byte[] payload = mutated(random);
        peer.extended(random.below(3), payload);
      }
      assertThat(peer.end())
          .satisfiesAnyOf(
              end -> assertThat(end).isNull(),
              end -> assertThat(end).isInstanceOf(CloseCause.Violated.class),
              // Weather itself asks for a number that may be missing.
              end -> assertThat(end).isInstanceOf(CloseCause.ListenerFailed.class));
    }
  }

  private static byte[] mutated(SplitMix64 random) {
    byte[] bytes =
        Wired.latin(
            "d1:md10:my_weatheri3ee13:metadata_sizei31235e1:pi6881e4:reqqi50e1:v3:abc6:yourip4:abcde");
    for (int i = random.below(4); i > 0; i--) {
      bytes[random.below(bytes.length)] = (byte) random.nextLong();
    }
    return bytes;
  }

  private static ExtensionHandshake peerOf(Wired peer) {
    ExtensionHandshake said = peer.wire.peerExtensions();
    if (said == null) {
      throw new AssertionError("the peer said nothing");
    }
    return said;
  }

  private static ExtensionHandshake read(String latin) {
    return HandshakeTest.read(Wired.latin(latin));
  }

  private static ExtensionHandshake read(byte[] bytes) {
    return HandshakeTest.read(bytes);
  }

  private static byte[] concat(String head, byte[] bytes) {
    ByteBuffer all = ByteBuffer.allocate(head.length() + bytes.length + 1);
    return all.put(Wired.latin(head)).put(bytes).put((byte) 'e').array();
  }

  private static void pass(Wired peer) {
    peer.now += 60_000_000_001L;
    peer.hear("00000000"); // keep-alive
  }

  private static String hex(int id, String payload) {
    return java.util.HexFormat.of().formatHex(Wired.frame(id, Wired.latin(payload)));
  }

  @SuppressWarnings("unused") // shows that the wire's own face is enough
  private static void compiles(PeerWire wire) {
    Chat chat = wire.use(new Chat());
    chat.say("hello");
  }
}
