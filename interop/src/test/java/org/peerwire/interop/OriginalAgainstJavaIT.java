package org.peerwire.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.peerwire.Block;
import org.peerwire.Feature;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.PieceLayout;
import org.peerwire.PieceSet;
import org.peerwire.interop.NodePeer.Script;
import org.peerwire.wire.PeerWire;
import org.peerwire.wire.RequestOutcome;

/**
 * The original and we say to each other all that the original can say, and agree on what was seen.
 */
@ExtendWith(Scene.Extension.class)
@Timeout(180)
class OriginalAgainstJavaIT {
  private static final InfoHash TORRENT =
      InfoHash.parse("00112233445566778899aabbccddeeff01234567");
  private static final PeerId OURS = PeerId.ofAscii("-PW0100-abcdefghijkl");
  private static final PeerId THEIRS = PeerId.ofAscii("-PW0001-mnopqrstuvwx");
  private static final int PIECES = 12;
  private static final int PIECE_LENGTH = 2 * Block.LENGTH;

  @Test
  void weDial(Scene scene) throws Exception {
    NodePeer original = NodePeer.listen(scene, Script.ORIGINAL);
    JavaEnd java = JavaEnd.connect(scene, original.awaitPort());
    original.await("connected");
    java.tell(wire -> wire.handshake(TORRENT, OURS, Feature.DHT));
    assertThat(original.await("handshake"))
        .isEqualTo(
            Json.object(
                "event",
                "handshake",
                "infoHash",
                TORRENT,
                "peerId",
                hex(OURS.toBytes()),
                "dht",
                true,
                "extended",
                true));
    original.call("handshake", "infoHash", TORRENT, "peerId", hex(THEIRS.toBytes()));
    java.await("handshake " + TORRENT + " [EXTENSION_PROTOCOL]");
    converse(original, java);
  }

  @Test
  void theOriginalDials(Scene scene) throws Exception {
    NodePeer[] dialler = new NodePeer[1];
    JavaEnd java =
        JavaEnd.accept(
            scene, address -> dialler[0] = NodePeer.connect(scene, Script.ORIGINAL, address));
    NodePeer original = dialler[0];
    original.call("handshake", "infoHash", TORRENT, "peerId", hex(THEIRS.toBytes()), "dht", true);
    java.await("handshake " + TORRENT + " [EXTENSION_PROTOCOL, DHT]");
    java.tell(wire -> wire.handshake(TORRENT, OURS));
    assertThat(original.await("handshake").get("dht").getAsBoolean()).isFalse();
    converse(original, java);
  }

  private static void converse(NodePeer original, JavaEnd java) throws Exception {
    java.tell(wire -> wire.layout(PieceLayout.of((long) PIECES * PIECE_LENGTH, PIECE_LENGTH)));
    original.call("bitfield", "bits", "a000");
    java.await("bitfield 0 2");
    original.call("have", "piece", 9);
    java.await("have 9");
    java.tell(wire -> wire.bitfield(pieces(0, 2)));
    assertThat(original.await("bitfield").get("bits").getAsString()).isEqualTo("a000");
    java.tell(wire -> wire.have(9));
    assertThat(original.await("have").get("piece").getAsInt()).isEqualTo(9);

    weDownload(original, java);
    theyDownload(original, java);
    theRest(original, java);

    assertThat(original.unseen()).isEmpty();
    assertThat(java.unseen()).isEmpty();
    original.call("destroy");
    java.await("close: closed by the peer");
    original.await("close");
    original.await("finish");
    original.await("socket-close");
  }

  private static void weDownload(NodePeer original, JavaEnd java) throws Exception {
    byte[] block = bytes(Block.LENGTH, 1);
    java.tell(PeerWire::interested);
    original.await("interested");
    // Choked, a request fails at once.
    boolean sent = java.ask(wire -> wire.request(0, 0, Block.LENGTH, null));
    assertThat(sent).isFalse();
    original.call("unchoke");
    java.await("unchoke");

    RequestOutcome[] outcomes = new RequestOutcome[3];
    java.tell(wire -> wire.request(2, Block.LENGTH, Block.LENGTH, (o, p, b, d) -> outcomes[0] = o));
    original.await("request");
    assertThat(java.ask(PeerWire::requests))
        .containsExactly(new Block(2, Block.LENGTH, Block.LENGTH));
    original.call(
        "respond", "piece", 2, "offset", Block.LENGTH, "length", Block.LENGTH, "block", hex(block));
    java.await("piece 2 16384 " + NodePeer.sha1(block));
    assertThat(original.await("upload").get("length").getAsInt()).isEqualTo(Block.LENGTH);
    assertThat(java.ask(PeerWire::downloaded)).isEqualTo(Block.LENGTH);

    // Cancelled: it fails here, and there it is forgotten.
    java.tell(wire -> wire.request(0, 0, 5, (o, p, b, d) -> outcomes[1] = o));
    original.await("request");
    java.tell(wire -> wire.cancel(0, 0, 5));
    original.await("cancel");
    assertThat(original.state().getAsJsonArray("peerRequests")).isEmpty();

    // Choked: without the fast extension a request ends with that.
    java.tell(wire -> wire.request(0, 5, 5, (o, p, b, d) -> outcomes[2] = o));
    original.await("request");
    original.call("choke");
    java.await("choke");
    assertThat(java.ask(PeerWire::requestCount)).isZero();
    assertThat(outcomes)
        .containsExactly(RequestOutcome.BLOCK, RequestOutcome.CANCELLED, RequestOutcome.CHOKED);
    java.tell(PeerWire::notInterested);
    original.await("uninterested");
  }

  private static void theyDownload(NodePeer original, JavaEnd java) throws Exception {
    byte[] block = bytes(Block.LENGTH, 2);
    original.call("interested");
    java.await("interested");
    java.tell(PeerWire::unchoke);
    original.await("unchoke");
    original.call("request", "piece", 9, "offset", 0, "length", Block.LENGTH);
    java.awaitUnanswered("9 0 16384");
    assertThat(java.ask(PeerWire::peerRequests)).containsExactly(new Block(9, 0, Block.LENGTH));
    java.tell(wire -> wire.respond(9, 0, ByteBuffer.wrap(block)));
    assertThat(original.await("request-done").get("sha1").getAsString())
        .isEqualTo(NodePeer.sha1(block));
    assertThat(original.await("piece").get("length").getAsInt()).isEqualTo(Block.LENGTH);
    original.await("download");
    assertThat(java.ask(PeerWire::uploaded)).isEqualTo(Block.LENGTH);

    original.call("request", "piece", 2, "offset", 7, "length", 5);
    java.awaitUnanswered("2 7 5");
    original.call("cancel", "piece", 2, "offset", 7, "length", 5);
    java.await("cancel 2 7 5");
    assertThat(original.await("request-failed").get("error").getAsString())
        .isEqualTo("request was cancelled");
    boolean taken = java.ask(wire -> wire.respond(2, 7, ByteBuffer.allocate(5)));
    assertThat(taken).isFalse();

    original.call("request", "piece", 2, "offset", 9, "length", 5);
    java.awaitUnanswered("2 9 5");
    java.tell(PeerWire::choke);
    original.await("choke");
    assertThat(original.await("request-failed").get("error").getAsString())
        .isEqualTo("peer is choking");
    assertThat(java.ask(PeerWire::peerRequests)).isEmpty();
    original.call("uninterested");
    java.await("not interested");
  }

  private static void theRest(NodePeer original, JavaEnd java) throws Exception {
    original.call("keep-alive");
    java.await("keep-alive");
    java.tell(wire -> wire.keepAlive(Duration.ofMillis(50)));
    original.await("keep-alive");
    java.tell(wire -> wire.setKeepAlive(false));
    original.call("port", "port", 6881);
    java.await("port 6881");
    java.tell(wire -> wire.port(6882));
    assertThat(original.await("port").get("port").getAsInt()).isEqualTo(6882);
    original.call("extended", "id", 3, "payload", "6162");
    java.await("extended 3 of 2 bytes");
    java.tell(wire -> wire.extended(4, ByteBuffer.wrap(new byte[] {1, 2, 3})));
    assertThat(original.await("extended").get("payload").getAsString()).isEqualTo("010203");

    assertThat(original.state().get("peerPieces")).isEqualTo(Json.array(0, 2, 9));
    List<Integer> theirs =
        java.ask(
            wire ->
                IntStream.range(0, PIECES).filter(wire.peerPieces()::contains).boxed().toList());
    assertThat(theirs).containsExactly(0, 2, 9);
    // More than one may have come before the period was switched off.
    while (original.unseen().contains("keep-alive")) {
      original.await("keep-alive");
    }
  }

  private static PieceSet pieces(int... present) {
    PieceSet pieces = new PieceSet(PIECES);
    for (int piece : present) {
      pieces.add(piece);
    }
    return pieces;
  }

  private static byte[] bytes(int length, int seed) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i * 31 + seed);
    }
    return bytes;
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
