package org.peerwire.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** 127.0.0.1, the only host there is here. */
final class Loopback {
  static final String HOST = "127.0.0.1";

  // Below Linux's range for outgoing connections (32768 and up), so that none of them takes a port
  // between our asking and the client's binding it.
  private static final int FIRST_PORT = 20_000;
  private static final int PORTS = 12_000;
  private static final AtomicInteger NEXT =
      new AtomicInteger(ThreadLocalRandom.current().nextInt(PORTS));
  private static final Path TABLE = Path.of("/proc/net/tcp");

  /** Where the sockets are that could speak IPv6 as well. */
  private static final Path TABLE6 = Path.of("/proc/net/tcp6");

  private Loopback() {}

  /** An address that no name service was asked for. */
  static InetSocketAddress address(int port) {
    try {
      return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@code HOST:PORT} as command lines want it. */
  static String text(InetSocketAddress address) {
    return address.getAddress().getHostAddress() + ":" + address.getPort();
  }

  static InetSocketAddress parse(String hostAndPort) {
    int colon = hostAndPort.lastIndexOf(':');
    if (colon < 0 || !hostAndPort.startsWith("127.")) {
      throw new IllegalArgumentException("not a loopback HOST:PORT: " + hostAndPort);
    }
    return new InetSocketAddress(
        hostAndPort.substring(0, colon), Integer.parseInt(hostAndPort.substring(colon + 1)));
  }

  /** A port that nobody holds now, and that is not handed out twice. */
  static int freePort() {
    for (int attempt = 0; attempt < PORTS; attempt++) {
      int port = FIRST_PORT + Math.floorMod(NEXT.getAndIncrement(), PORTS);
      try (ServerSocket probe = new ServerSocket()) {
        probe.bind(address(port));
        return port;
      } catch (IOException taken) {
        // the next one, then
      }
    }
    throw new IllegalStateException("no free port on " + HOST);
  }

  /**
   * Whether somebody accepts connections at this port of 127.0.0.1. It looks into the kernel's
   * table instead of connecting: to a client under test, a connection that says nothing is a peer
   * that misbehaves, and transmission refuses the next one while it waits for the first.
   */
  static boolean isListening(int port) throws IOException {
    String wanted = String.format(Locale.ROOT, "0100007F:%04X", port);
    return isListening(TABLE, wanted) || isListening(TABLE6, "0000000000000000FFFF0000" + wanted);
  }

  private static boolean isListening(Path table, String wanted) throws IOException {
    if (!Files.exists(table)) {
      return false;
    }
    for (String line : Files.readAllLines(table)) {
      String[] columns = line.strip().split("\\s+", 5);
      if (columns.length > 3 && columns[1].equals(wanted) && columns[3].equals("0A")) {
        return true;
      }
    }
    return false;
  }
}
