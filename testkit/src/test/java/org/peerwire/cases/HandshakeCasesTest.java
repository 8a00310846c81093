package org.peerwire.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.peerwire.cases.Connection.OURS;
import static org.peerwire.cases.Connection.THEIRS;
import static org.peerwire.cases.Connection.TORRENT;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import org.peerwire.Feature;
import org.peerwire.Handshake;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.PieceLayout;
import org.peerwire.Violation;
import org.peerwire.frame.Message;
import org.peerwire.testkit.EventRecorder;
import org.peerwire.testkit.ScriptedPeer;
import org.peerwire.testkit.WireBytes;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;
import org.peerwire.wire.WireOptions;

/** What comes instead of a handshake, and in one. */
class HandshakeCasesTest {
  private static final byte[] HANDSHAKE = WireBytes.of(Connection.theirs(0));
  private static final String INFO_HASH = "info-hash " + TORRENT;
  private static final String SHAKEN = "handshake " + TORRENT + " " + THEIRS;

  @BothWays
  void h01_anotherProtocolClosesAtItsFirstWrongByte(Way way) {
    for (int at = 0; at < 20; at++) {
      Connection c = Connection.fresh(way);
      byte[] wrong = Arrays.copyOf(HANDSHAKE, at + 1);
      wrong[at] ^= 1;
      c.peer.says(Arrays.copyOf(wrong, at));
      c.raised();
      c.peer.says(Arrays.copyOfRange(wrong, at, at + 1));
      c.closed("close HANDSHAKE_PROTOCOL");
      assertThat(c.violation().context()).isEqualTo(HexFormat.of().formatHex(wrong));
      assertThat(c.violation().detail()).contains("byte " + at);
    }
  }

  @BothWays
  void h02_anotherLengthOfTheProtocolNameClosesAtOnce(Way way) {
    for (String first : new String[] {"12", "00", "FF", "14"}) {
      Connection c = Connection.fresh(way);
      c.peer.says(first);
      c.closed("close HANDSHAKE_PROTOCOL");
    }
  }

  @BothWays
  void h03_otherProtocolsAreNamedByWhatTheySaid(Way way) {
    Connection http = Connection.fresh(way);
    http.peer.says("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    http.closed("close HANDSHAKE_PROTOCOL");
    assertThat(http.violation().context()).startsWith("47");
    Connection tls = Connection.fresh(way);
    tls.peer.says("16 03 01 0200");
    tls.closed("close HANDSHAKE_PROTOCOL");
    assertThat(tls.violation().context()).startsWith("16");
  }

  @BothWays
  void h04_anUnknownInfoHashClosesBeforeWeSaidAnything(Way way) {
    EventRecorder events =
        new EventRecorder(
            new PeerListener() {
              @Override
              public void onInfoHash(PeerWire wire, InfoHash infoHash, long reserved) {
                wire.close(Violation.UNKNOWN_INFO_HASH, infoHash.toString());
              }
            });
    PeerWire wire = new PeerWire(events, WireOptions.builder().profile(way.profile()).build());
    ScriptedPeer peer = new ScriptedPeer(wire).cut(way.cutter());
    peer.says(HANDSHAKE);
    events.expect(INFO_HASH, "close UNKNOWN_INFO_HASH").assertNothingMore();
    peer.says("00000001 01").ends();
    events.assertNothingMore();
    assertThat(peer.bytesHeard()).isZero();
  }

  @BothWays
  void h05_anAnswerWithAnotherInfoHashCloses(Way way) {
    InfoHash other = InfoHash.parse("bb".repeat(20));
    Connection c = Connection.fresh(way);
    c.wire.handshake(other, OURS);
    c.peer.says(HANDSHAKE);
    c.closed("close INFO_HASH_MISMATCH");
    assertThat(c.violation().detail()).isEqualTo(TORRENT + " instead of " + other);
  }

  @BothWays
  void h06_anUnexpectedPeerIdIsTold(Way way) {
    Connection c = Connection.fresh(way);
    c.wire.handshake(TORRENT, OURS);
    c.wire.expectPeerId(PeerId.ofAscii("-ZZ0000-cccccccccccc"));
    c.peer.says(HANDSHAKE);
    c.raised(INFO_HASH, "violation PEER_ID_MISMATCH", SHAKEN);
  }

  @BothWays
  void h06_ourselvesAtTheOtherEndCloses(Way way) {
    Connection c = Connection.fresh(way);
    c.wire.handshake(TORRENT, THEIRS);
    c.peer.says(HANDSHAKE);
    c.closed(INFO_HASH, "close SELF_CONNECTION");
  }

  @BothWays
  void h06_ourselvesDialledByUsClosesBeforeWeAnswer(Way way) {
    Connection c = Connection.fresh(way);
    c.peer.says(HANDSHAKE);
    c.raised(INFO_HASH, SHAKEN);
    c.wire.handshake(TORRENT, THEIRS);
    c.closed("close SELF_CONNECTION");
    assertThat(c.peer.bytesHeard()).isZero();
  }

  @BothWays
  void h08_silenceInTheHandshakeTimesOut(Way way) {
    Connection half = Connection.fresh(way);
    half.peer.advance(Duration.ofSeconds(2)).says(Arrays.copyOf(HANDSHAKE, 47));
    half.peer.advance(Duration.ofMillis(4999));
    half.raised();
    half.peer.advance(Duration.ofMillis(1));
    half.closed("close HANDSHAKE_TIMEOUT");

    Connection silent = Connection.fresh(way);
    silent.peer.advance(Duration.ofMillis(9999));
    silent.raised();
    silent.peer.advance(Duration.ofMillis(1));
    silent.closed("close HANDSHAKE_TIMEOUT");
  }

  @BothWays
  void h08_aPeerIdHeldBackTimesOut(Way way) {
    Connection c = Connection.fresh(way);
    c.peer.says(Arrays.copyOf(HANDSHAKE, 48));
    c.raised(INFO_HASH);
    c.peer.advance(Duration.ofSeconds(5));
    c.closed("close HANDSHAKE_TIMEOUT");
  }

  @BothWays
  void h08_aHandshakeThatTricklesInTimesOut(Way way) {
    Connection c = Connection.fresh(way);
    for (int i = 0; i < 5; i++) {
      c.peer.says(Arrays.copyOfRange(HANDSHAKE, i, i + 1)).advance(Duration.ofMillis(999));
    }
    c.raised();
    c.peer.advance(Duration.ofMillis(5));
    c.closed("close HANDSHAKE_TIMEOUT");
  }

  @BothWays
  void h10_reservedBitsThatNobodyKnowsAreIgnored(Way way) {
    Connection c = Connection.open(way, -1L, Connection.LAYOUT);
    assertThat(c.wire.peerHandshake()).isEqualTo(new Handshake(-1, TORRENT, THEIRS));
    for (Feature feature : Feature.values()) {
      assertThat(c.wire.supports(feature))
          .isEqualTo(WireOptions.DEFAULT.features().contains(feature));
    }
    c.peer.says(Connection.HAVE_NONE);
    c.raised("bitfield 0 of 20");
  }

  @BothWays
  void h11_theUpgradeBitIsAHintUntilTheTorrentIsKnown(Way way) {
    String request = "00000031 15 " + "11".repeat(32) + "00000000 00000000 00000002 00000000";
    WireOptions.Builder options = WireOptions.builder().hashMessages(true);
    long reserved = Feature.V2_UPGRADE.mask() | Feature.EXTENSION_PROTOCOL.mask();

    Connection v1 = Connection.open(way, options, reserved, Connection.LAYOUT);
    v1.peer.says(request);
    v1.closed("close HASH_NOT_NEGOTIATED");

    Connection notYetKnown = Connection.open(way, options, reserved, null);
    notYetKnown.peer.says(request);
    notYetKnown.closed("close HASH_NOT_NEGOTIATED");

    Connection v2 = Connection.open(way, options, reserved, new LayoutWithHashes());
    v2.peer.says(request);
    v2.raised("hash-request 0 2");
  }

  private record LayoutWithHashes() implements PieceLayout {
    @Override
    public int pieceCount() {
      return 2;
    }

    @Override
    public int pieceLength(int piece) {
      return 1 << 14;
    }

    @Override
    public boolean hasHashes() {
      return true;
    }
  }

  @BothWays
  void h12_aSecondHandshakeIsATooLargeFrame(Way way) {
    Connection c = Connection.open(way);
    c.peer.says(HANDSHAKE);
    c.closed("close FRAME_TOO_LARGE");
    assertThat(c.violation().context()).startsWith("13426974");
  }

  @BothWays
  void h13_aPeerMaySayNothingAfterItsHandshakeForAWhile(Way way) {
    Connection c = Connection.openWithoutFast(way);
    c.peer.advance(Duration.ofMillis(149_999));
    c.raised();
    c.peer.advance(Duration.ofMillis(1));
    c.closed("close IDLE");
  }

  @BothWays
  void h14_aPeerIdIsShownEscaped(Way way) {
    byte[] hostile = WireBytes.hex("00 1B 5B 33 31 6D C0 AF 0A 0D 7F 5C 22 61 62 63 64 65 66 67");
    Connection c = Connection.fresh(way);
    c.wire.handshake(TORRENT, OURS);
    c.peer.says(new Message.Handshake(new Handshake(0, TORRENT, PeerId.of(hostile))));
    String shown = "\\x00\\x1b[31m\\xc0\\xaf\\x0a\\x0d\\x7f\\x5c\"abcdefg";
    c.raised(INFO_HASH, "handshake " + TORRENT + " " + shown);
    assertThat(c.wire.toString()).matches("\\p{Print}*");
    assertThat(c.wire.peerHandshake()).isNotNull();
  }
}
