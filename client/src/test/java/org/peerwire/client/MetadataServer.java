package org.peerwire.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.bencode.BencodeDict;
import org.peerwire.bencode.BencodeWriter;
import org.peerwire.channel.WirePipe;
import org.peerwire.extension.ExtensionHandshake;
import org.peerwire.extension.metadata.UtMetadata;
import org.peerwire.wire.Extension;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;

/** A peer on loopback that gives metadata, truly or not. */
final class MetadataServer implements AutoCloseable {
  /** What is wrong with what a peer gives. */
  enum Lie {
    NONE,
    /** Each block comes with another total size than the handshake told. */
    TOTAL_SIZE,
    /** A block in the middle is a byte short. */
    SHORT_BLOCK,
    /** The last block is a byte long. */
    LONG_BLOCK,
    /** All lengths are right, and a bit is not. */
    POISON,
    /** It is a byte shorter, consistently. */
    SMALLER,
    /** It is a byte longer, consistently. */
    LARGER
  }

  private final byte[] info;
  private final Lie lie;
  private final ServerSocketChannel door;

  /** Counted down when the first block was given. */
  final CountDownLatch gave = new CountDownLatch(1);

  private final CountDownLatch mayGreet;
  private final CountDownLatch mayGive;

  private MetadataServer(byte[] info, Lie lie, CountDownLatch mayGreet, CountDownLatch mayGive)
      throws IOException {
    this.info = info;
    this.lie = lie;
    this.mayGreet = mayGreet;
    this.mayGive = mayGive;
    door =
        ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    start(this::accept);
  }

  static MetadataServer liar(byte[] info, Lie lie) throws IOException {
    return new MetadataServer(info, lie, new CountDownLatch(0), new CountDownLatch(0));
  }

  /** An honest one that says nothing until another one has given a block. */
  static MetadataServer after(MetadataServer liar) throws IOException {
    return new MetadataServer(liar.info, Lie.NONE, liar.gave, new CountDownLatch(0));
  }

  /** An honest one that is there, and gives nothing until another one has given a block. */
  static MetadataServer beside(MetadataServer liar) throws IOException {
    return new MetadataServer(liar.info, Lie.NONE, new CountDownLatch(0), liar.gave);
  }

  InetSocketAddress address() throws IOException {
    return (InetSocketAddress) door.getLocalAddress();
  }

  String text() throws IOException {
    return address().getAddress().getHostAddress() + ":" + address().getPort();
  }

  @Override
  public void close() throws IOException {
    door.close();
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel channel = door.accept();
        start(() -> serve(channel));
      }
    } catch (IOException closed) {
      return;
    }
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "metadata-server");
    thread.setDaemon(true);
    thread.start();
  }

  private void serve(SocketChannel channel) {
    await(mayGreet);
    PeerWire wire =
        new PeerWire(
            new PeerListener() {
              @Override
              public void onInfoHash(PeerWire from, InfoHash infoHash, long reserved) {
                from.handshake(infoHash, PeerId.of("-LI0001-", new byte[PeerId.LENGTH]));
              }
            });
    wire.use(new Giver());
    WirePipe.run(channel, wire);
  }

  private static void await(CountDownLatch latch) {
    try {
      if (!latch.await(20, TimeUnit.SECONDS)) {
        throw new IllegalStateException("the liar was never asked");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private final class Giver extends Extension {
    Giver() {
      super("ut_metadata");
    }

    private int size() {
      return switch (lie) {
        case SMALLER -> info.length - 1;
        case LARGER -> info.length + 1;
        default -> info.length;
      };
    }

    @Override
    protected void describe(ExtensionHandshake.Builder handshake) {
      handshake.metadataSize(size());
    }

    @Override
    protected void onMessage(BencodeDict message, ByteBuffer rest) {
      if (message.integer("msg_type").orElse(-1) != 0) {
        return;
      }
      await(mayGive);
      int piece = (int) message.integer("piece").orElseThrow();
      int from = piece * UtMetadata.BLOCK_LENGTH;
      int length = Math.min(UtMetadata.BLOCK_LENGTH, size() - from);
      boolean last = from + length == size();
      byte[] block = new byte[length + (lie == Lie.LONG_BLOCK && last ? 1 : 0)];
      System.arraycopy(info, from, block, 0, Math.min(length, info.length - from));
      block[0] ^= (byte) (lie == Lie.POISON ? 1 : 0);
      int given = block.length - (lie == Lie.SHORT_BLOCK && !last ? 1 : 0);
      byte[] head =
          new BencodeWriter()
              .beginDict()
              .put("msg_type", 1)
              .put("piece", piece)
              .put("total_size", size() + (lie == Lie.TOTAL_SIZE ? 1 : 0))
              .end()
              .toByteArray();
      send(ByteBuffer.allocate(head.length + given).put(head).put(block, 0, given).flip());
      gave.countDown();
    }
  }
}
