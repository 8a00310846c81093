package org.peerwire.bench;

import bt.net.InetPeer;
import bt.net.Peer;
import bt.net.buffer.ByteBufferView;
import bt.net.buffer.DelegatingByteBufferView;
import bt.protocol.Cancel;
import bt.protocol.Choke;
import bt.protocol.DecodingContext;
import bt.protocol.EncodingContext;
import bt.protocol.Have;
import bt.protocol.InvalidMessageException;
import bt.protocol.KeepAlive;
import bt.protocol.Message;
import bt.protocol.Piece;
import bt.protocol.Request;
import bt.protocol.StandardBittorrentProtocol;
import bt.protocol.Unchoke;
import bt.protocol.handler.MessageHandler;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import org.peerwire.frame.FrameSink;

/**
 * bt-core's protocol handler, as its own pipeline calls it. It is spared what that pipeline does
 * besides: the bytes appear in its buffer by themselves, and it reads a block by its place and does
 * not take it out.
 */
final class BtRival {
  private static final Peer PEER = InetPeer.build(InetAddress.getLoopbackAddress(), 6881);

  private BtRival() {}

  static Contestant read(Streams stream, int chunk) {
    StandardBittorrentProtocol protocol = protocol();
    byte[] all = stream.bytes();
    ByteBuffer buffer = ByteBuffer.allocateDirect(all.length).put(all);
    return () -> {
      long sum = 0;
      ByteBufferView view = new DelegatingByteBufferView(buffer.clear().limit(0));
      DecodingContext context = new DecodingContext(PEER);
      for (int end = 0; end < all.length; ) {
        end = Math.min(end + chunk, all.length);
        view.limit(end);
        // A view that was not understood is left wherever the attempt ended.
        int at = view.position();
        int used = view.hasRemaining() ? protocol.decode(context, view) : 0;
        while (used > 0) {
          Message message = context.getMessage();
          sum += message instanceof Have have ? have.getPieceIndex() : 1;
          at += used;
          view.position(at);
          used = view.hasRemaining() ? protocol.decode(context, view) : 0;
        }
        view.position(at);
      }
      return sum;
    };
  }

  static Contestant write(Streams stream) {
    StandardBittorrentProtocol protocol = protocol();
    ByteBuffer out = ByteBuffer.allocateDirect(stream.bytes().length);
    Encoder encoder = new Encoder(protocol, out);
    return () -> {
      out.clear();
      stream.sayTo(encoder);
      return out.position();
    };
  }

  private static StandardBittorrentProtocol protocol() {
    return new StandardBittorrentProtocol(Map.of(20, new Skipped()));
  }

  private static final class Encoder extends CallsWithBlocks implements FrameSink {
    private final StandardBittorrentProtocol protocol;
    private final EncodingContext context = new EncodingContext(PEER);
    private final ByteBuffer out;

    Encoder(StandardBittorrentProtocol protocol, ByteBuffer out) {
      this.protocol = protocol;
      this.out = out;
    }

    private void say(Message message) {
      if (!protocol.encode(context, message, out)) {
        throw new IllegalStateException(message.toString());
      }
    }

    @Override
    public void have(int piece) {
      try {
        say(new Have(piece));
      } catch (InvalidMessageException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void request(int piece, int begin, int length) {
      try {
        say(new Request(piece, begin, length));
      } catch (InvalidMessageException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void cancel(int piece, int begin, int length) {
      try {
        say(new Cancel(piece, begin, length));
      } catch (InvalidMessageException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    void block(int piece, int begin, ByteBuffer block) {
      try {
        int length = block.remaining();
        say(
            new Piece(
                piece,
                begin,
                length,
                target -> {
                  target.put(block);
                  return true;
                }));
      } catch (InvalidMessageException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void keepAlive() {
      say(KeepAlive.instance());
    }

    @Override
    public void choke() {
      say(Choke.instance());
    }

    @Override
    public void unchoke() {
      say(Unchoke.instance());
    }

    @Override
    public void extended(int extendedId, ByteBuffer payload) {
      say(new Skipped.Extended(payload.remaining()));
    }
  }

  /**
   * The extension protocol's place, without what it does there: ours does not do it here either.
   */
  private static final class Skipped implements MessageHandler<Skipped.Extended> {
    record Extended(int length) implements Message {
      @Override
      public Integer getMessageId() {
        return 20;
      }
    }

    @Override
    public Collection<Class<? extends Extended>> getSupportedTypes() {
      return Set.of(Extended.class);
    }

    @Override
    public Class<? extends Extended> readMessageType(ByteBufferView buffer) {
      return Extended.class;
    }

    @Override
    public boolean encode(EncodingContext context, Extended message, ByteBuffer buffer) {
      buffer.putInt(message.length() + 2).put((byte) 20).put((byte) 1);
      for (int i = 0; i < message.length(); i++) {
        buffer.put((byte) 0);
      }
      return true;
    }

    @Override
    public int decode(DecodingContext context, ByteBufferView buffer) {
      int at = buffer.position();
      int length = buffer.getInt();
      if (buffer.limit() - at < 4 + length) {
        return 0;
      }
      context.setMessage(new Extended(length - 2));
      return 4 + length;
    }
  }
}
