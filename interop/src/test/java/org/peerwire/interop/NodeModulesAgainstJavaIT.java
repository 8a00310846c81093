package org.peerwire.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.peerwire.Block;
import org.peerwire.Feature;
import org.peerwire.InfoHash;
import org.peerwire.IpAddress;
import org.peerwire.PeerAddress;
import org.peerwire.PeerId;
import org.peerwire.PieceLayout;
import org.peerwire.PieceSet;
import org.peerwire.bencode.BencodeWriter;
import org.peerwire.extension.ExtensionHandshake;
import org.peerwire.extension.metadata.MetadataFetch;
import org.peerwire.extension.metadata.UtMetadata;
import org.peerwire.extension.pex.PexContacts;
import org.peerwire.extension.pex.PexPeer;
import org.peerwire.extension.pex.UtPex;
import org.peerwire.interop.NodePeer.Script;
import org.peerwire.mse.Encryption;
import org.peerwire.mse.EncryptionPolicy;
import org.peerwire.mse.Mse;
import org.peerwire.mse.MseOptions;
import org.peerwire.mse.MseTransport;
import org.peerwire.mse.TorrentTable;
import org.peerwire.testkit.SplitMix64;
import org.peerwire.wire.PeerWire;
import org.peerwire.wire.RequestOutcome;

/**
 * The modules of WebTorrent, bittorrent-protocol, ut_metadata and ut_pex, and we: the fast
 * extension, the extension protocol and encryption, whoever dials, and both agree on what was seen.
 */
@ExtendWith(Scene.Extension.class)
@Timeout(120)
class NodeModulesAgainstJavaIT {
  private static final PeerId OURS = PeerId.ofAscii("-PW0100-abcdefghijkl");
  private static final PeerId THEIRS = PeerId.ofAscii("-WW0209-mnopqrstuvwx");
  private static final int PIECES = 12;
  private static final int PIECE_LENGTH = 2 * Block.LENGTH;

  /** An info dictionary of three blocks, so that there is one that is neither first nor last. */
  private static final byte[] INFO =
      new BencodeWriter()
          .beginDict()
          .put("length", (long) PIECES * PIECE_LENGTH)
          .put("name", "it")
          .put("piece length", PIECE_LENGTH)
          .put("pieces", new SplitMix64(3).nextBytes(PIECES * 20))
          .put("xtra", new SplitMix64(4).nextBytes(2 * UtMetadata.BLOCK_LENGTH))
          .end()
          .toByteArray();

  private static final InfoHash TORRENT = InfoHash.parse(NodePeer.sha1(INFO));

  /** Our end, with its extensions, which exist before the first byte comes. */
  private static final class Us {
    private final boolean weHaveIt;
    private final Layer layer;
    private final PexContacts contacts = new PexContacts();

    Us(boolean weHaveIt, Encryption method) {
      this.weHaveIt = weHaveIt;
      layer = new Layer(method);
    }

    String encryption() {
      return Integer.toString(layer.number());
    }

    void begin(JavaEnd java) {
      PeerWire wire = java.wire();
      if (weHaveIt) {
        wire.use(new UtMetadata()).serve(ByteBuffer.wrap(INFO));
      } else {
        wire.use(
            new UtMetadata(
                MetadataFetch.sha1(
                    TORRENT, info -> java.saw("metadata " + info.equals(ByteBuffer.wrap(INFO))))));
      }
      wire.use(
          new UtPex(
              contacts,
              IpAddress.parse("127.0.0.1"),
              (source, added, dropped) -> {
                added.forEach(peer -> java.saw("pex " + peer.address() + " " + peer.flags()));
                dropped.forEach(address -> java.saw("pex dropped " + address));
              }));
      wire.extensionHandshake(
          ExtensionHandshake.builder().v("peerwire it").reqq(77).p(6999).build());
    }

    /** The handshake, and right behind it what we have. */
    void greet(PeerWire wire) {
      wire.handshake(TORRENT, OURS, Feature.FAST);
      wire.layout(PieceLayout.of((long) PIECES * PIECE_LENGTH, PIECE_LENGTH));
      wire.bitfield(weHaveIt ? pieces(IntStream.range(0, PIECES).toArray()) : pieces());
    }
  }

  /** Encryption, or none. */
  private static final class Layer {
    private final Encryption method;
    private final @Nullable Mse mse;
    private @Nullable MseTransport transport;

    Layer(Encryption method) {
      this.method = method;
      TorrentTable torrents = new TorrentTable();
      torrents.add(TORRENT);
      mse =
          method == Encryption.NONE
              ? null
              : new Mse(
                  MseOptions.builder(EncryptionPolicy.REQUIRE).methods(method).build(),
                  torrents,
                  new SecureRandom()::nextBytes);
    }

    JavaEnd.Layer dialling() {
      return wire -> mse == null ? wire : encrypted(mse.initiate(wire, TORRENT));
    }

    JavaEnd.Layer accepting() {
      return wire -> mse == null ? wire : encrypted(mse.accept(wire));
    }

    private MseTransport encrypted(MseTransport made) {
      transport = made;
      return made;
    }

    Encryption agreed() {
      return transport == null || transport.encryption() == null
          ? Encryption.NONE
          : transport.encryption();
    }

    /** The module's number for it, on its command line and in its state. */
    int number() {
      return switch (method) {
        case NONE -> 0;
        case PLAINTEXT -> 1;
        case RC4 -> 2;
      };
    }
  }

  @ParameterizedTest(name = "we dial, {0}, and it is us who have the torrent: {1}")
  @CsvSource({"NONE, true", "NONE, false", "PLAINTEXT, true", "RC4, true", "RC4, false"})
  void weDial(Encryption method, boolean weHaveIt, Scene scene) throws Exception {
    Us us = new Us(weHaveIt, method);
    NodePeer node = NodePeer.listen(scene, Script.WEBTORRENT, us.encryption());
    JavaEnd java =
        JavaEnd.connect(
            scene,
            node.awaitPort(),
            us.layer.dialling(),
            end -> {
              us.begin(end);
              us.greet(end.wire());
            });
    node.await("connected");
    prepare(node, weHaveIt);
    if (method != Encryption.NONE) {
      assertThat(node.await("crypto-infohash").get("key").getAsString())
          .isEqualTo(sha1("req2".getBytes(StandardCharsets.US_ASCII), TORRENT.toBytes()));
      node.call("set-info-hash", "infoHash", TORRENT);
      node.await("crypto-handshake");
    }
    assertHandshake(node.await("handshake"));
    node.call("handshake", "infoHash", TORRENT, "peerId", hex(THEIRS.toBytes()), "fast", true);
    java.await("handshake " + TORRENT + " [EXTENSION_PROTOCOL, FAST]");
    converse(node, java, us);
  }

  @ParameterizedTest(name = "node dials, {0}, and it is us who have the torrent: {1}")
  @CsvSource({"NONE, true", "NONE, false", "PLAINTEXT, false", "RC4, true", "RC4, false"})
  void nodeDials(Encryption method, boolean weHaveIt, Scene scene) throws Exception {
    Us us = new Us(weHaveIt, method);
    NodePeer[] dialler = new NodePeer[1];
    JavaEnd java =
        JavaEnd.accept(
            scene,
            address ->
                dialler[0] = NodePeer.connect(scene, Script.WEBTORRENT, address, us.encryption()),
            us.layer.accepting(),
            us::begin);
    NodePeer node = dialler[0];
    prepare(node, weHaveIt);
    if (method != Encryption.NONE) {
      node.call("start-encryption", "infoHash", TORRENT);
      node.await("crypto-handshake");
    }
    node.call("handshake", "infoHash", TORRENT, "peerId", hex(THEIRS.toBytes()), "fast", true);
    java.await("handshake " + TORRENT + " [EXTENSION_PROTOCOL, FAST]");
    java.tell(us::greet);
    assertHandshake(node.await("handshake"));
    converse(node, java, us);
  }

  /** What has to be known before the handshake, on the module's side. */
  private static void prepare(NodePeer node, boolean weHaveIt) throws Exception {
    node.call("extension-fields", "fields", Json.object("v", "WebTorrent it", "reqq", 55));
    if (weHaveIt) {
      node.call("use-metadata");
      node.call("metadata-fetch");
    } else {
      node.call("use-metadata", "info", hex(INFO));
    }
    node.call("use-pex");
  }

  private static void assertHandshake(JsonObject handshake) {
    assertThat(handshake)
        .isEqualTo(
            Json.object(
                "event",
                "handshake",
                "infoHash",
                TORRENT,
                "peerId",
                hex(OURS.toBytes()),
                "dht",
                false,
                "fast",
                true,
                "extended",
                true));
  }

  private static void converse(NodePeer node, JavaEnd java, Us us) throws Exception {
    if (us.weHaveIt) {
      node.await("have-all");
      node.call("bitfield", "bits", "a000");
      java.await("bitfield 0 2");
      node.call("have", "piece", 9);
      java.await("have 9");
    } else {
      node.await("have-none");
      node.call("have-all");
      java.await("bitfield 0 1 2 3 4 5 6 7 8 9 10 11");
      java.tell(wire -> wire.have(3));
      assertThat(node.await("have").get("piece").getAsInt()).isEqualTo(3);
    }
    extensionHandshakes(node, java, us);
    if (us.weHaveIt) {
      nodeDownloads(node, java);
    } else {
      weDownload(node, java);
    }
    peerExchange(node, java, us);
    state(node, java, us);

    assertThat(node.unseen()).containsOnly("extended");
    assertThat(java.unseen()).allSatisfy(event -> assertThat(event).startsWith("extended "));
    node.call("destroy");
    java.await("close: closed by the peer");
    node.await("socket-close");
  }

  /** Each says what it speaks, and the one that has the metadata gives it. */
  private static void extensionHandshakes(NodePeer node, JavaEnd java, Us us) throws Exception {
    JsonObject ours = node.await("extension-handshake").getAsJsonObject("fields");
    assertThat(ours.get("v").getAsString()).isEqualTo("peerwire it");
    assertThat(ours.get("reqq").getAsInt()).isEqualTo(77);
    assertThat(ours.get("p").getAsInt()).isEqualTo(6999);
    assertThat(ours.get("m")).isEqualTo(Json.object("ut_metadata", 1, "ut_pex", 2));
    assertThat(ours.has("metadata_size")).isEqualTo(us.weHaveIt);
    if (us.weHaveIt) {
      assertThat(ours.get("metadata_size").getAsInt()).isEqualTo(INFO.length);
      assertThat(node.await("metadata").get("torrent").getAsString())
          .isEqualTo(hex("d4:info") + hex(INFO) + hex("e"));
    } else {
      assertThat(node.await("metadata-warning").get("error").getAsString())
          .isEqualTo("Peer does not have metadata");
      java.await("metadata true");
      JsonObject later = node.await("extension-handshake").getAsJsonObject("fields");
      assertThat(later.get("m")).isEqualTo(ours.get("m"));
      assertThat(later.get("metadata_size").getAsInt()).isEqualTo(INFO.length);
    }
    ExtensionHandshake theirs = java.ask(PeerWire::peerExtensions);
    assertThat(theirs).isNotNull();
    assertThat(theirs.v()).isEqualTo("WebTorrent it");
    assertThat(theirs.reqq()).isEqualTo(55);
    assertThat(theirs.id("ut_metadata")).isEqualTo(1);
    assertThat(theirs.id("ut_pex")).isEqualTo(2);
    assertThat(theirs.metadataSize()).isEqualTo(us.weHaveIt ? null : (Integer) INFO.length);
  }

  private static void nodeDownloads(NodePeer node, JavaEnd java) throws Exception {
    byte[] block = new SplitMix64(5).nextBytes(Block.LENGTH);
    node.call("interested");
    java.await("interested");
    java.tell(wire -> wire.suggestPiece(7));
    assertThat(node.await("suggest").get("piece").getAsInt()).isEqualTo(7);

    // Choked, it may ask for what is allowed fast, and for nothing else.
    java.tell(wire -> wire.allowedFast(4));
    assertThat(node.await("allowed-fast").get("piece").getAsInt()).isEqualTo(4);
    ask(node, 5, 0);
    assertThat(node.await("request-failed").get("error").getAsString())
        .isEqualTo("peer is choking");
    ask(node, 4, Block.LENGTH);
    java.awaitUnanswered("4 16384 16384");
    java.tell(wire -> wire.respond(4, Block.LENGTH, ByteBuffer.wrap(block)));
    assertGot(node, block);

    java.tell(PeerWire::unchoke);
    node.await("unchoke");
    ask(node, 2, 0);
    java.awaitUnanswered("2 0 16384");
    java.tell(wire -> wire.respond(2, 0, ByteBuffer.wrap(block)));
    assertGot(node, block);

    ask(node, 5, 0);
    java.awaitUnanswered("5 0 16384");
    java.tell(wire -> wire.reject(5, 0, Block.LENGTH));
    assertRejected(node, 5);

    // Cancelled: BEP 6 wants an answer all the same.
    ask(node, 6, 0);
    java.awaitUnanswered("6 0 16384");
    node.call("cancel", "piece", 6, "offset", 0, "length", Block.LENGTH);
    java.await("cancel 6 0 16384");
    assertThat(node.await("request-failed").get("error").getAsString())
        .isEqualTo("request was cancelled");
    assertThat(node.await("reject").get("piece").getAsInt()).isEqualTo(6);

    // Choked: what was asked for is rejected, each.
    ask(node, 8, 0);
    java.awaitUnanswered("8 0 16384");
    java.tell(PeerWire::choke);
    node.await("choke");
    assertRejected(node, 8);
  }

  private static void ask(NodePeer node, int piece, int begin) throws Exception {
    node.call("request", "piece", piece, "offset", begin, "length", Block.LENGTH);
  }

  private static void assertGot(NodePeer node, byte[] block) {
    assertThat(node.await("request-done").get("sha1").getAsString())
        .isEqualTo(NodePeer.sha1(block));
    node.await("piece");
  }

  private static void assertRejected(NodePeer node, int piece) {
    assertThat(node.await("request-failed").get("error").getAsString())
        .isEqualTo("request was rejected");
    assertThat(node.await("reject").get("piece").getAsInt()).isEqualTo(piece);
  }

  private static void weDownload(NodePeer node, JavaEnd java) throws Exception {
    byte[] block = new SplitMix64(6).nextBytes(Block.LENGTH);
    RequestOutcome[] outcomes = new RequestOutcome[5];
    java.tell(PeerWire::interested);
    node.await("interested");
    node.call("suggest", "piece", 7);
    java.await("suggest 7");

    node.call("allowed-fast", "piece", 4);
    java.await("allowed fast 4");
    boolean sent = java.ask(wire -> wire.request(5, 0, Block.LENGTH, null));
    assertThat(sent).isFalse();
    request(java, 4, outcomes, 0);
    respond(node, 4, block);
    java.await("piece 4 0 " + NodePeer.sha1(block));

    node.call("unchoke");
    java.await("unchoke");
    request(java, 2, outcomes, 1);
    respond(node, 2, block);
    java.await("piece 2 0 " + NodePeer.sha1(block));

    request(java, 5, outcomes, 2);
    node.await("request");
    node.call("refuse", "piece", 5, "offset", 0, "length", Block.LENGTH);
    java.await("reject 5 0 16384");

    // Cancelled: the module forgets it and says nothing.
    request(java, 6, outcomes, 3);
    node.await("request");
    java.tell(wire -> wire.cancel(6, 0, Block.LENGTH));
    node.await("cancel");

    request(java, 8, outcomes, 4);
    node.await("request");
    node.call("choke");
    java.await("choke");
    java.await("reject 8 0 16384");
    assertThat(java.ask(PeerWire::requestCount)).isZero();
    assertThat(outcomes)
        .containsExactly(
            RequestOutcome.BLOCK,
            RequestOutcome.BLOCK,
            RequestOutcome.REJECTED,
            RequestOutcome.CANCELLED,
            RequestOutcome.REJECTED);
  }

  private static void request(JavaEnd java, int piece, RequestOutcome[] outcomes, int index) {
    java.tell(
        wire ->
            wire.request(
                piece, 0, Block.LENGTH, (outcome, p, begin, data) -> outcomes[index] = outcome));
  }

  private static void respond(NodePeer node, int piece, byte[] block) throws Exception {
    node.await("request");
    node.call("respond", "piece", piece, "offset", 0, "length", Block.LENGTH, "block", hex(block));
  }

  private static void peerExchange(NodePeer node, JavaEnd java, Us us) throws Exception {
    PeerAddress v4 = new PeerAddress(IpAddress.parse("127.0.0.4"), 7004);
    PeerAddress v6 = new PeerAddress(IpAddress.parse("::1"), 7006);
    java.tell(
        wire -> {
          us.contacts.add(v4, PexPeer.SEED | PexPeer.REACHABLE);
          us.contacts.add(v6, 0);
        });
    JsonObject first = node.await("pex-peer");
    assertThat(first.get("address").getAsString()).isEqualTo("127.0.0.4:7004");
    assertThat(first.getAsJsonObject("flags"))
        .isEqualTo(
            Json.object(
                "prefersEncryption", false,
                "isSender", true,
                "supportsUtp", false,
                "supportsUtHolepunch", false,
                "isReachable", true));
    assertThat(node.await("pex-peer").get("address").getAsString()).isEqualTo("[::1]:7006");

    node.call(
        "pex-add", "address", "127.0.0.5:7005", "flags", Json.object("prefersEncryption", true));
    node.call("pex-add", "address", "[::1]:7007", "flags", Json.object());
    node.call("pex-send");
    java.await("pex 127.0.0.5:7005 " + PexPeer.ENCRYPTION);
    java.await("pex [::1]:7007 0");
    node.call("pex-drop", "address", "127.0.0.5:7005");
    node.call("pex-send");
    java.await("pex dropped 127.0.0.5:7005");
  }

  private static void state(NodePeer node, JavaEnd java, Us us) throws Exception {
    JsonObject state = node.state();
    assertThat(flag(state, "amChoking")).isEqualTo(java.ask(PeerWire::peerChoking));
    assertThat(flag(state, "peerChoking")).isEqualTo(java.ask(PeerWire::amChoking));
    assertThat(flag(state, "amInterested")).isEqualTo(java.ask(PeerWire::peerInterested));
    assertThat(flag(state, "peerInterested")).isEqualTo(java.ask(PeerWire::amInterested));
    assertThat(state.getAsJsonArray("requests")).isEmpty();
    assertThat(java.ask(PeerWire::requests)).isEmpty();
    assertThat(state.getAsJsonArray("peerRequests")).isEmpty();
    assertThat(java.ask(PeerWire::peerRequests)).isEmpty();
    assertThat(state.get("uploaded").getAsLong()).isEqualTo(java.ask(PeerWire::downloaded));
    assertThat(state.get("downloaded").getAsLong()).isEqualTo(java.ask(PeerWire::uploaded));
    assertThat(java.ask(PeerWire::uploaded) + java.ask(PeerWire::downloaded))
        .isEqualTo(2 * Block.LENGTH);
    JsonElement ours = us.weHaveIt ? new JsonPrimitive("all") : Json.array(3);
    assertThat(state.get("peerPieces")).isEqualTo(ours);
    List<Integer> theirs =
        java.ask(
            wire ->
                IntStream.range(0, PIECES).filter(wire.peerPieces()::contains).boxed().toList());
    assertThat(theirs)
        .isEqualTo(us.weHaveIt ? List.of(0, 2, 9) : IntStream.range(0, PIECES).boxed().toList());
    assertThat(flag(state, "fast")).isTrue();
    assertThat(state.get("peerAllowedFast")).isEqualTo(us.weHaveIt ? Json.array(4) : Json.array());
    boolean allowed = java.ask(wire -> wire.isAllowedFast(4));
    assertThat(allowed).isEqualTo(!us.weHaveIt);
    assertThat(state.getAsJsonObject("peerExtensions"))
        .isEqualTo(Json.object("ut_metadata", 1, "ut_pex", 2));
    assertThat(state.get("encryption").getAsInt()).isEqualTo(us.layer.number());
    assertThat(us.layer.agreed()).isEqualTo(us.layer.method);
  }

  private static boolean flag(JsonObject state, String name) {
    return state.get(name).getAsBoolean();
  }

  private static PieceSet pieces(int... present) {
    PieceSet pieces = new PieceSet(PIECES);
    for (int piece : present) {
      pieces.add(piece);
    }
    return pieces;
  }

  private static String sha1(byte[]... parts) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-1");
    for (byte[] part : parts) {
      digest.update(part);
    }
    return hex(digest.digest());
  }

  private static String hex(String ascii) {
    return hex(ascii.getBytes(StandardCharsets.US_ASCII));
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
