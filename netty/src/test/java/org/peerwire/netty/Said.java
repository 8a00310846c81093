package org.peerwire.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.peerwire.BlockRegion;
import org.peerwire.Feature;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.frame.FrameWriter;
import org.peerwire.frame.Outbox;
import org.peerwire.frame.OutputSink;

/** What a peer says, as bytes. */
final class Said {
  static final InfoHash TORRENT = InfoHash.parse("aa".repeat(20));
  static final PeerId PEER = PeerId.ofAscii("-XX0000-peerpeerpeer");
  static final PeerId US = PeerId.ofAscii("-PW0000-ususususususu".substring(0, 20));

  private Said() {}

  /** A handshake of a peer that has the fast extension. */
  static ByteBuf handshake() {
    return by(
        peer -> {
          peer.infoHash(Feature.FAST.mask(), TORRENT);
          peer.peerId(PEER);
        });
  }

  static ByteBuf by(Consumer<FrameWriter> peer) {
    Outbox outbox = new Outbox();
    peer.accept(new FrameWriter(outbox));
    ByteBuf bytes = ByteBufAllocator.DEFAULT.directBuffer((int) outbox.size());
    outbox.drainTo(
        new OutputSink() {
          @Override
          public void control(ByteBuffer part) {
            bytes.writeBytes(part);
          }

          @Override
          public void block(ByteBuffer part) {
            bytes.writeBytes(part);
          }

          @Override
          public void region(BlockRegion region, int offset, int length) {
            throw new AssertionError();
          }
        },
        Long.MAX_VALUE);
    return bytes;
  }
}
