package org.peerwire.channel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.peerwire.wire.PeerWire;
import org.peerwire.wire.Transport;

/**
 * Pipes a blocking channel through a wire until one of them ends.
 *
 * <pre>{@code
 * try (SocketChannel channel = SocketChannel.open(address)) {
 *   WirePipe.run(channel, wire);
 * }
 * }</pre>
 *
 * <p>Two threads work for a pipe: the one that calls {@link #run()} reads, and one of its own
 * writes and watches the deadlines. They take turns with the wire under a lock, and hold it while
 * events are raised, never while they wait for I/O. Any other thread goes through {@link #execute}.
 * No thread is pinned: there is no {@code synchronized}.
 */
public final class WirePipe {
  private static final int INPUT = 64 << 10;
  private static final ThreadFactory THREADS =
      task -> {
        Thread thread = new Thread(task, "peerwire-pipe-writer");
        thread.setDaemon(true);
        return thread;
      };

  private final ReadableByteChannel source;
  private final WritableByteChannel sink;
  private final Transport transport;
  private final ThreadFactory threads;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Condition room = lock.newCondition();
  private boolean woken;
  private boolean ended;

  /**
   * A pipe that has not begun.
   *
   * @param source read by the thread that runs the pipe, in blocking mode; closed at the end
   * @param sink written by a thread of the pipe's, in blocking mode; closed at the end. May be the
   *     source
   * @param threads makes the writing thread; for a virtual one, {@code
   *     Thread.ofVirtual().factory()}
   */
  public WirePipe(
      ReadableByteChannel source, WritableByteChannel sink, PeerWire wire, ThreadFactory threads) {
    this(source, sink, wire.transport(), threads);
  }

  /**
   * As {@link #WirePipe(ReadableByteChannel, WritableByteChannel, PeerWire, ThreadFactory)}, for a
   * wire that lies behind another layer, such as {@link org.peerwire.mse.MseTransport}.
   */
  public WirePipe(
      ReadableByteChannel source,
      WritableByteChannel sink,
      Transport transport,
      ThreadFactory threads) {
    this.source = source;
    this.sink = sink;
    this.threads = threads;
    this.transport = transport;
    transport.onWork(this::wake);
  }

  /**
   * As {@link #WirePipe(ReadableByteChannel, WritableByteChannel, PeerWire, ThreadFactory)}, with a
   * daemon thread.
   */
  public WirePipe(ByteChannel channel, PeerWire wire) {
    this(channel, channel, wire, THREADS);
  }

  /** Pipes {@code channel} through {@code wire} until it has ended. The channel is closed then. */
  public static void run(ByteChannel channel, PeerWire wire) {
    new WirePipe(channel, wire).run();
  }

  /** As {@link #run(ByteChannel, PeerWire)}, for a wire that lies behind another layer. */
  public static void run(ByteChannel channel, Transport transport) {
    new WirePipe(channel, channel, transport, THREADS).run();
  }

  /**
   * Pipes until the wire has ended; the channels are closed then. Never throws for what the peer or
   * the connection does: {@link org.peerwire.wire.PeerListener#onClose} tells.
   */
  public void run() {
    Thread writer = threads.newThread(this::write);
    writer.start();
    try {
      read();
    } finally {
      join(writer);
    }
  }

  private void join(Thread writer) {
    boolean interrupted = false;
    while (true) {
      try {
        writer.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
        closeChannels();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Runs a task that calls verbs of the wire, or reads its state, from any thread: now, when
   * neither of the pipe's threads has it. A task run inside an event runs at once.
   */
  public void execute(Runnable task) {
    lock.lock();
    try {
      task.run();
    } finally {
      lock.unlock();
    }
  }

  private void wake() {
    // A verb was called outside of the transport's calls: by a task of execute, which has the lock,
    // or before run.
    lock.lock();
    try {
      woken = true;
      work.signal();
    } finally {
      lock.unlock();
    }
  }

  private void read() {
    ByteBuffer input = ByteBuffer.allocateDirect(INPUT);
    String failure = null;
    try {
      while (awaitRoom() && source.read(input.clear()) >= 0) {
        lock.lock();
        try {
          transport.receive(input.flip(), System.nanoTime());
        } finally {
          // Also if it throws: the writer must see that the wire has ended.
          changed();
          lock.unlock();
        }
      }
    } catch (ClosedChannelException e) {
      failure = "the channel was closed";
    } catch (IOException e) {
      failure = message(e);
    }
    lock.lock();
    try {
      if (failure == null) {
        transport.endOfInput(System.nanoTime());
      } else {
        transport.failed(failure, System.nanoTime());
      }
    } finally {
      changed();
      lock.unlock();
    }
  }

  /** Waits while the wire asks to stop reading. Returns whether it still wants to read. */
  private boolean awaitRoom() {
    lock.lock();
    try {
      while (!transport.wantsInput() && !transport.isClosed() && !ended) {
        room.awaitUninterruptibly();
      }
      return !transport.isClosed();
    } finally {
      lock.unlock();
    }
  }

  private void write() {
    Gather gather = new Gather(sink);
    try {
      while (true) {
        lock.lock();
        try {
          if (!awaitOutput()) {
            break;
          }
          transport.drainTo(gather, Gather.ROUND);
        } finally {
          lock.unlock();
        }
        long sent = gather.write();
        lock.lock();
        try {
          transport.sent(sent, System.nanoTime());
          room.signal();
        } finally {
          lock.unlock();
        }
      }
      endOutput();
    } catch (IOException e) {
      lock.lock();
      try {
        transport.failed(message(e), System.nanoTime());
      } finally {
        lock.unlock();
      }
    } finally {
      gather.release();
      closeChannels();
      lock.lock();
      try {
        ended = true;
        room.signal();
      } finally {
        lock.unlock();
      }
    }
  }

  /**
   * Waits for something to send, and raises what is due meanwhile. Returns false when the wire has
   * ended and all is sent.
   */
  private boolean awaitOutput() {
    while (transport.pending() == 0) {
      long now = System.nanoTime();
      long nanos = transport.nanosUntilTimeout(now);
      if (nanos == 0) {
        transport.timeout(now);
        room.signal();
      } else if (transport.isClosed()) {
        return false;
      } else if (!woken) {
        try {
          work.awaitNanos(nanos);
        } catch (InterruptedException e) {
          transport.failed("the pipe was interrupted", System.nanoTime());
        }
      }
      woken = false;
    }
    return true;
  }

  private void changed() {
    woken = true;
    work.signal();
  }

  /** Lets the peer read what was sent before the connection goes. */
  private void endOutput() throws IOException {
    if (sink instanceof SocketChannel socket && socket.isConnected()) {
      socket.shutdownOutput();
    }
  }

  private void closeChannels() {
    close(sink);
    close(source);
  }

  private static void close(Channel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // It is gone either way, and the wire has ended: there is nobody left to tell.
      return;
    }
  }

  private static String message(IOException e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }
}
