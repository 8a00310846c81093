package org.peerwire.bench;

import com.turn.ttorrent.client.Piece;
import com.turn.ttorrent.client.SharedTorrent;
import com.turn.ttorrent.common.protocol.PeerMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import org.peerwire.Block;

/**
 * ttorrent-core's messages, used as its reading thread uses them: each message is collected in one
 * buffer, then parsed. It does not know the extension protocol; such messages are passed by.
 */
final class TtorrentRival {
  private static final int EXTENDED = 20;

  private TtorrentRival() {}

  static Contestant read(Streams stream, int chunk) {
    Chunks chunks = new Chunks(stream, chunk);
    Parser parser = new Parser(torrent());
    return () -> {
      chunks.forEach(parser::take);
      return parser.sum;
    };
  }

  static Contestant write(Streams stream) {
    Crafter crafter = new Crafter();
    return () -> {
      stream.sayTo(crafter);
      return crafter.bytes;
    };
  }

  private static SharedTorrent torrent() {
    try {
      Path folder = Files.createTempDirectory("ttorrent");
      folder.toFile().deleteOnExit();
      folder.resolve("x").toFile().deleteOnExit();
      folder.resolve("x.part").toFile().deleteOnExit();
      return new KnownTorrent(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class Parser {
    private final SharedTorrent torrent;
    private final ByteBuffer message = ByteBuffer.allocateDirect(1 << 20).limit(4);
    long sum;

    Parser(SharedTorrent torrent) {
      this.torrent = torrent;
    }

    void take(ByteBuffer chunk) {
      while (chunk.hasRemaining()) {
        int part = Math.min(chunk.remaining(), message.remaining());
        message.put(message.position(), chunk, chunk.position(), part);
        message.position(message.position() + part);
        chunk.position(chunk.position() + part);
        if (!message.hasRemaining() && message.limit() == 4) {
          message.limit(4 + message.getInt(0));
        }
        if (!message.hasRemaining()) {
          parse();
          message.clear().limit(4);
        }
      }
    }

    private void parse() {
      if (message.limit() > 4 && message.get(4) == EXTENDED) {
        return;
      }
      try {
        PeerMessage parsed = PeerMessage.parse(message.rewind(), torrent);
        sum += parsed instanceof PeerMessage.HaveMessage have ? have.getPieceIndex() : 1;
      } catch (ParseException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static final class Crafter extends CallsWithBlocks {
    long bytes;

    private void sent(PeerMessage message) {
      bytes += message.getData().remaining();
    }

    @Override
    void block(int piece, int begin, ByteBuffer block) {
      sent(PeerMessage.PieceMessage.craft(piece, begin, block));
    }

    @Override
    public void keepAlive() {
      sent(PeerMessage.KeepAliveMessage.craft());
    }

    @Override
    public void choke() {
      sent(PeerMessage.ChokeMessage.craft());
    }

    @Override
    public void unchoke() {
      sent(PeerMessage.UnchokeMessage.craft());
    }

    @Override
    public void have(int piece) {
      sent(PeerMessage.HaveMessage.craft(piece));
    }

    @Override
    public void request(int piece, int begin, int length) {
      sent(PeerMessage.RequestMessage.craft(piece, begin, length));
    }

    @Override
    public void cancel(int piece, int begin, int length) {
      sent(PeerMessage.CancelMessage.craft(piece, begin, length));
    }

    @Override
    public void extended(int extendedId, ByteBuffer payload) {
      bytes += payload.remaining();
    }
  }

  /** A torrent of the size that the streams speak of, with nothing behind it. */
  private static final class KnownTorrent extends SharedTorrent {
    private static final byte[] METAINFO =
        ("d8:announce18:http://127.0.0.1/a4:infod6:lengthi1e4:name1:x12:piece lengthi16384e"
                + "6:pieces20:00000000000000000000ee")
            .getBytes(StandardCharsets.ISO_8859_1);

    private final Piece piece = new Piece(null, 0, 0, 4L * Block.LENGTH, new byte[20], false);

    KnownTorrent(Path folder) throws IOException, NoSuchAlgorithmException {
      super(METAINFO, folder.toFile());
    }

    @Override
    public int getPieceCount() {
      return Streams.PIECES;
    }

    @Override
    public Piece getPiece(int index) {
      return piece;
    }
  }
}
