package org.peerwire.interop;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** A tracker that knows one peer, whoever asks for whatever. */
final class OnePeerTracker implements Scene.Belonging {
  private final HttpServer server;

  OnePeerTracker(InetSocketAddress peer) throws IOException {
    byte[] answer = answer(peer);
    server = HttpServer.create(Loopback.address(0), 0);
    server.createContext(
        "/announce",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
          }
        });
    server.start();
  }

  String url() {
    return "http://" + Loopback.text(server.getAddress()) + "/announce";
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private static byte[] answer(InetSocketAddress peer) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes("d8:intervali2e5:peers6:".getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(peer.getAddress().getAddress());
    out.write(peer.getPort() >>> 8);
    out.write(peer.getPort());
    out.write('e');
    return out.toByteArray();
  }
}
