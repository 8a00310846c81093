package org.peerwire.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;

/**
 * The limit of a transfer: a file over TCP with nothing around it.
 *
 * <pre>
 *   seed FILE PORT                            transferTo, to whoever connects first
 *   get FILE PORT read|sha1|write|both        reads it all; hashes it, writes it to FILE, or both
 * </pre>
 */
public final class RawTransfer {
  private static final int BUFFER = 256 << 10;
  private static final int PIECE = 1 << 20;

  private RawTransfer() {}

  /** Runs one side of it. */
  public static void main(String[] args) throws IOException, NoSuchAlgorithmException {
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[2]));
    if (args[0].equals("seed")) {
      seed(Path.of(args[1]), address);
    } else {
      get(Path.of(args[1]), address, args[3].toLowerCase(Locale.ROOT));
    }
  }

  @SuppressWarnings("SystemOut")
  private static void seed(Path file, InetSocketAddress address) throws IOException {
    try (FileChannel source = FileChannel.open(file);
        ServerSocketChannel server = ServerSocketChannel.open().bind(address)) {
      System.out.println("READY");
      try (SocketChannel peer = server.accept()) {
        for (long at = 0, end = source.size(); at < end; ) {
          at += source.transferTo(at, end - at, peer);
        }
      }
      System.in.read();
    }
  }

  @SuppressWarnings("SystemOut")
  private static void get(Path file, InetSocketAddress address, String what)
      throws IOException, NoSuchAlgorithmException {
    boolean hashes = what.equals("sha1") || what.equals("both");
    boolean writes = what.equals("write") || what.equals("both");
    MessageDigest digest = MessageDigest.getInstance("SHA-1");
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    System.out.println("READY");
    try (SocketChannel peer = SocketChannel.open(address);
        FileChannel target =
            FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      long total = 0;
      int sum = 0;
      while (peer.read(buffer.clear()) >= 0) {
        total += buffer.flip().remaining();
        if (hashes) {
          digest.update(buffer);
          if (total / PIECE != (total - buffer.limit()) / PIECE) {
            sum += digest.digest()[0];
          }
          buffer.rewind();
        }
        while (writes && buffer.hasRemaining()) {
          target.write(buffer);
        }
      }
      System.out.println("DONE " + total + " " + sum);
    }
  }
}
