package org.peerwire.examples;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.SafeText;
import org.peerwire.channel.WirePipe;
import org.peerwire.extension.ExtensionHandshake;
import org.peerwire.wire.Extension;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;

/** An extension of one's own, BEP 10: two peers of a torrent talk about it. */
public final class Chat {
  // region extension
  static final class PwChat extends Extension {
    PwChat() {
      super("pw_chat");
    }

    /** Returns whether the peer speaks it, too. */
    boolean say(String line) {
      return send(StandardCharsets.UTF_8.encode(line));
    }

    @Override
    protected void onHandshake(ExtensionHandshake peer) {
      // Now it is known whether the peer speaks it, and under which id.
      say("hello");
    }

    @Override
    protected void onMessage(ByteBuffer payload) {
      String line = StandardCharsets.UTF_8.decode(payload.duplicate()).toString();
      System.out.println("they say: " + SafeText.of(line));
      wire().close();
    }
  }

  // endregion

  private Chat() {}

  /** Answers one peer, of whatever torrent. */
  static void listen(ServerSocketChannel server) throws IOException {
    PeerWire wire =
        new PeerWire(
            new PeerListener() {
              @Override
              public void onInfoHash(PeerWire from, InfoHash infoHash, long reserved) {
                from.handshake(infoHash, PeerId.ofAscii("-PW0100-chatlistener"));
              }
            });
    wire.use(new PwChat());
    WirePipe.run(server.accept(), wire);
  }

  /** Calls a peer: {@code ADDRESS PORT INFO-HASH}. */
  public static void main(String... args) throws IOException {
    PeerWire wire = new PeerWire(new PeerListener() {});
    wire.use(new PwChat());
    wire.handshake(InfoHash.parse(args[2]), PeerId.ofAscii("-PW0100-chatchatchat"));
    try (SocketChannel socket =
        SocketChannel.open(new InetSocketAddress(args[0], Integer.parseInt(args[1])))) {
      WirePipe.run(socket, wire);
    }
  }
}
