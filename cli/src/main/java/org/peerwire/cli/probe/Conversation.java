package org.peerwire.cli.probe;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.peerwire.mse.MseTransport;
import org.peerwire.wire.CloseCause;
import org.peerwire.wire.PeerWire;
import org.peerwire.wire.Transport;

/** Moves bytes between a socket and the wire, until all was seen or a limit is reached. */
final class Conversation {
  /** Nothing is read beyond. */
  private static final long MAX_BYTES = 1 << 20;

  /** How long to watch a peer that has shaken hands. */
  private static final long WATCH_NANOS = Duration.ofSeconds(3).toNanos();

  /** All that is asked for has been seen; what else comes in this time is still counted. */
  private static final long QUIET_NANOS = Duration.ofMillis(500).toNanos();

  /** How long to wait for more, to tell what else speaks there. */
  private static final long STRANGER_NANOS = Duration.ofMillis(300).toNanos();

  private static final long POLL_MILLIS = 100;

  /**
   * Servers that speak in lines wait for the end of one. Who has not answered our handshake until
   * shortly before we leave gets it, and tells what it is.
   */
  private static final byte[] NUDGE = {'\r', '\n', '\r', '\n'};

  private static final long NUDGE_NANOS = Duration.ofMillis(800).toNanos();

  private final Stopwatch clock;
  private final PeerWire wire;
  private final Transport transport;
  private final @Nullable MseTransport encrypted;
  private final Watcher watcher;
  private final MessageCounts messages;
  private final Output output = new Output();
  private final ByteArrayOutputStream firstBytes = new ByteArrayOutputStream();

  long bytesRead;
  boolean peerEnded;

  Conversation(
      Stopwatch clock,
      PeerWire wire,
      @Nullable MseTransport encrypted,
      Watcher watcher,
      MessageCounts messages) {
    this.clock = clock;
    this.wire = wire;
    this.encrypted = encrypted;
    this.watcher = watcher;
    this.messages = messages;
    transport = encrypted == null ? wire.transport() : encrypted;
  }

  /** The first bytes that came, at most {@link Probe#FIRST_BYTES}. */
  byte[] firstBytes() {
    return firstBytes.toByteArray();
  }

  /**
   * Talks.
   *
   * @param deadline on the clock of {@link System#nanoTime}
   * @return how it ended, as one clause
   */
  String run(SocketChannel channel, Selector selector, long deadline, BooleanSupplier interrupted)
      throws IOException {
    SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
    ByteBuffer input = ByteBuffer.allocate(16 << 10);
    long end = deadline;
    long lastByte = System.nanoTime();
    boolean stranger = false;
    boolean nudged = false;
    while (true) {
      long now = System.nanoTime();
      if (interrupted.getAsBoolean()) {
        return "interrupted";
      }
      if (transport.nanosUntilTimeout(now) == 0) {
        transport.timeout(now);
      }
      if (!stranger && wire.isClosed()) {
        if (watcher.peerHandshake != null || peerEnded) {
          return ending();
        }
        // Something else speaks there. A little more of it helps to tell what.
        stranger = true;
        end = Math.min(end, now + STRANGER_NANOS);
      }
      if (watcher.handshaken.isPresent()) {
        end = Math.min(end, clock.at(watcher.handshaken.getAsDouble()) + WATCH_NANOS);
        if (watcher.sawAll(wire) && now - lastByte > QUIET_NANOS) {
          return "we left: all was seen";
        }
      }
      if (now >= end) {
        return watcher.handshaken.isPresent()
            ? "we left after watching"
            : stranger ? ending() : "we left: the time is up";
      }
      try {
        if (!nudged
            && encrypted == null
            && bytesRead == 0
            && now >= end - NUDGE_NANOS
            && output.isEmpty()) {
          nudged = true;
          channel.write(ByteBuffer.wrap(NUDGE));
        }
        boolean all = output.write(transport, channel);
        key.interestOps(SelectionKey.OP_READ | (all ? 0 : SelectionKey.OP_WRITE));
        selector.select(POLL_MILLIS);
        selector.selectedKeys().clear();
        input.clear().limit((int) Math.min(input.capacity(), MAX_BYTES - bytesRead));
        int count = channel.read(input);
        if (count < 0) {
          peerEnded = true;
          transport.endOfInput(System.nanoTime());
          return ending();
        }
        if (count > 0) {
          lastByte = System.nanoTime();
          received(input.flip());
        }
        if (bytesRead >= MAX_BYTES) {
          return "we left: " + MAX_BYTES + " bytes are enough";
        }
      } catch (IOException e) {
        String message = e.getMessage();
        transport.failed(
            message == null ? e.getClass().getSimpleName() : message, System.nanoTime());
        peerEnded = true;
        return ending();
      }
    }
  }

  private void received(ByteBuffer input) {
    bytesRead += input.remaining();
    byte[] kept = new byte[Math.min(input.remaining(), Probe.FIRST_BYTES - firstBytes.size())];
    input.duplicate().get(kept);
    firstBytes.writeBytes(kept);
    messages.read(input.duplicate());
    transport.receive(input, System.nanoTime());
    watcher.look();
  }

  private String ending() {
    CloseCause cause = watcher.closeCause;
    return cause == null ? "closed by the peer" : cause.toString();
  }
}
