package org.peerwire.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.peerwire.interop.NodePeer.Script;

/** The driver of the original without peerwire: against itself, and against bytes written out. */
@ExtendWith(Scene.Extension.class)
@Timeout(180)
class NodeOriginalIT {
  private static final String INFO_HASH = "00112233445566778899aabbccddeeff01234567";
  private static final String PEER_ID = hex("-PW0001-abcdefghijkl");
  private static final String OTHER_ID = hex("-PW0001-mnopqrstuvwx");
  private static final String PROTOCOL = "13" + hex("BitTorrent protocol");
  private static final String BLOCK = "ff".repeat(16384);

  @Test
  void twoOriginalsAgreeOnWhatWasSeen(Scene scene) throws Exception {
    NodePeer listener = NodePeer.listen(scene, Script.ORIGINAL);
    NodePeer dialler = NodePeer.connect(scene, Script.ORIGINAL, listener.awaitPort());
    listener.await("connected");

    dialler.call("handshake", "infoHash", INFO_HASH, "peerId", PEER_ID, "dht", true);
    listener.call("handshake", "infoHash", INFO_HASH, "peerId", OTHER_ID);
    assertThat(listener.await("handshake"))
        .isEqualTo(
            event(
                "handshake",
                "infoHash",
                INFO_HASH,
                "peerId",
                PEER_ID,
                "dht",
                true,
                "extended",
                true));
    assertThat(dialler.await("handshake").get("dht").getAsBoolean()).isFalse();

    for (List<NodePeer> pair : List.of(List.of(dialler, listener), List.of(listener, dialler))) {
      NodePeer us = pair.get(0);
      NodePeer them = pair.get(1);
      us.call("bitfield", "bits", "a000");
      assertThat(them.await("bitfield").get("bits").getAsString()).isEqualTo("a000");
      us.call("have", "piece", 9);
      assertThat(them.await("have").get("piece").getAsInt()).isEqualTo(9);
      assertThat(them.state().get("peerPieces")).isEqualTo(Json.array(0, 2, 9));
      us.call("interested");
      them.await("interested");
      them.call("unchoke");
      us.await("unchoke");

      us.call("request", "piece", 2, "offset", 16384, "length", 16384);
      them.await("request");
      them.call("respond", "piece", 2, "offset", 16384, "length", 16384, "block", BLOCK);
      assertThat(us.await("request-done"))
          .isEqualTo(
              event(
                  "request-done",
                  "piece",
                  2,
                  "offset",
                  16384,
                  "length",
                  16384,
                  "sha1",
                  sha1(BLOCK)));

      us.call("request", "piece", 0, "offset", 0, "length", 5);
      us.call("cancel", "piece", 0, "offset", 0, "length", 5);
      assertThat(us.await("request-failed").get("error").getAsString())
          .isEqualTo("request was cancelled");
      them.await("cancel");
      assertThat(them.state().getAsJsonArray("peerRequests")).isEmpty();

      us.call("keep-alive");
      them.await("keep-alive");
      us.call("port", "port", 6881);
      assertThat(them.await("port").get("port").getAsInt()).isEqualTo(6881);
      us.call("uninterested");
      them.await("uninterested");
    }

    JsonObject state = listener.state();
    assertThat(state.get("uploaded").getAsInt()).isEqualTo(16384);
    assertThat(state.get("downloaded").getAsInt()).isEqualTo(16384);
    dialler.call("destroy");
    listener.await("finish");
  }

  @Test
  void itWritesAndReadsTheBytesOfBep3(Scene scene) throws Exception {
    try (ServerSocket server = new ServerSocket()) {
      server.bind(Loopback.address(0));
      server.setSoTimeout(20_000);
      NodePeer original =
          NodePeer.connect(scene, Script.ORIGINAL, Loopback.address(server.getLocalPort()));
      try (Socket socket = server.accept()) {
        socket.setSoTimeout(20_000);

        original.call("handshake", "infoHash", INFO_HASH, "peerId", PEER_ID, "dht", true);
        assertThat(read(socket, 68)).isEqualTo(PROTOCOL + "0000000000100001" + INFO_HASH + PEER_ID);
        write(socket, PROTOCOL + "0000000000000000" + INFO_HASH + OTHER_ID);
        assertThat(original.await("handshake").get("extended").getAsBoolean()).isFalse();

        original.call("bitfield", "bits", "a0");
        assertThat(read(socket, 6)).isEqualTo("0000000205a0");
        original.call("have", "piece", 1);
        assertThat(read(socket, 9)).isEqualTo("000000050400000001");
        original.call("interested");
        assertThat(read(socket, 5)).isEqualTo("0000000102");
        original.call("unchoke");
        assertThat(read(socket, 5)).isEqualTo("0000000101");
        original.call("keep-alive");
        assertThat(read(socket, 4)).isEqualTo("00000000");
        original.call("port", "port", 6881);
        assertThat(read(socket, 7)).isEqualTo("00000003091ae1");

        write(socket, "0000000101"); // unchoke
        original.await("unchoke");
        original.call("request", "piece", 3, "offset", 16384, "length", 2);
        assertThat(read(socket, 17)).isEqualTo("0000000d06000000030000400000000002");
        write(socket, "0000000b0700000003000040006162"); // piece 3, offset 16384, "ab"
        assertThat(original.await("request-done").get("sha1").getAsString())
            .isEqualTo(sha1("6162"));
        original.call("request", "piece", 3, "offset", 0, "length", 2);
        original.call("cancel", "piece", 3, "offset", 0, "length", 2);
        assertThat(read(socket, 34))
            .isEqualTo("0000000d06000000030000000000000002" + "0000000d08000000030000000000000002");

        write(socket, "0000000d06000000010000000200000003"); // request 1, 2, 3
        assertThat(original.await("request"))
            .isEqualTo(event("request", "piece", 1, "offset", 2, "length", 3));
        original.call("respond", "piece", 1, "offset", 2, "length", 3, "block", "010203");
        assertThat(read(socket, 16)).isEqualTo("0000000c070000000100000002010203");
        write(socket, "00000000" + "00000003091ae1" + "000000011f"); // keep-alive, port, 31
        original.await("keep-alive");
        original.await("port");
        assertThat(original.await("unknownmessage").get("message").getAsString()).isEqualTo("1f");
      }
      original.await("socket-close");
    }
  }

  private static JsonObject event(String name, Object... namesAndValues) {
    JsonObject event = Json.object(namesAndValues);
    event.addProperty("event", name);
    return event;
  }

  private static void write(Socket socket, String hex) throws IOException {
    socket.getOutputStream().write(HexFormat.of().parseHex(hex));
  }

  private static String read(Socket socket, int length) throws IOException {
    return HexFormat.of().formatHex(socket.getInputStream().readNBytes(length));
  }

  private static String hex(String ascii) {
    return HexFormat.of().formatHex(ascii.getBytes(StandardCharsets.US_ASCII));
  }

  private static String sha1(String hex) {
    return NodePeer.sha1(HexFormat.of().parseHex(hex));
  }
}
