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
import java.util.concurrent.TimeUnit;
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

  /** How long a wire that has ended may take to send what is left, from its last progress on. */
  private static final long LINGER = TimeUnit.SECONDS.toNanos(5);

  private static final ThreadFactory THREADS =
      task -> {
        Thread thread = new Thread(task, "peerwire-pipe");
        thread.setDaemon(true);
        return thread;
      };

  private final ReadableByteChannel source;
  private final WritableByteChannel sink;
  private final Transport transport;
  private final ThreadFactory threads;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition output = lock.newCondition();
  private final Condition room = lock.newCondition();
  private final Condition deadline = lock.newCondition();

  /** When the watch will look again. */
  private long watchAt = System.nanoTime();

  /** When the writer last got something done. */
  private long progressAt = watchAt;

  /** Whether the writer is done and the channels are closed. */
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
    Thread watch = threads.newThread(this::watch);
    writer.start();
    watch.start();
    read();
    boolean interrupted = join(writer);
    interrupted |= join(watch);
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
      changed(System.nanoTime());
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
          long now = System.nanoTime();
          transport.receive(input.flip(), now);
          changed(now);
        } finally {
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
      long now = System.nanoTime();
      if (failure == null) {
        transport.endOfInput(now);
      } else {
        transport.failed(failure, now);
      }
      changed(now);
    } finally {
      lock.unlock();
    }
  }

  /** Waits while the wire asks to stop reading. Returns whether it still wants to read. */
  private boolean awaitRoom() {
    lock.lock();
    try {
      while (!transport.wantsInput() && !transport.isClosed()) {
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
      while (collect(gather)) {
        long sent = gather.write();
        lock.lock();
        try {
          long now = System.nanoTime();
          progressAt = now;
          transport.sent(sent, now);
          changed(now);
        } finally {
          lock.unlock();
        }
      }
      endOutput();
    } catch (IOException e) {
      lock.lock();
      try {
        long now = System.nanoTime();
        transport.failed(message(e), now);
        changed(now);
      } finally {
        lock.unlock();
      }
    } finally {
      gather.release();
      closeChannels();
      lock.lock();
      try {
        ended = true;
        deadline.signal();
      } finally {
        lock.unlock();
      }
    }
  }

  /** Waits for output and takes it. Returns false when the wire has ended and all is sent. */
  private boolean collect(Gather gather) {
    lock.lock();
    try {
      while (transport.pending() == 0) {
        if (transport.isClosed()) {
          return false;
        }
        output.awaitUninterruptibly();
      }
      transport.drainTo(gather, Gather.ROUND);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Raises what is due, and cuts a connection whose wire has ended and whose peer takes nothing.
   */
  private void watch() {
    lock.lock();
    try {
      while (!ended) {
        long now = System.nanoTime();
        long nanos = transport.nanosUntilTimeout(now);
        if (nanos == 0) {
          transport.timeout(now);
          changed(now);
          continue;
        }
        if (transport.isClosed()) {
          nanos = LINGER - (now - progressAt);
          if (nanos <= 0) {
            closeChannels();
            nanos = LINGER;
          }
        }
        watchAt = now + nanos;
        deadline.awaitNanos(nanos);
      }
    } catch (InterruptedException e) {
      transport.failed("the pipe was interrupted", System.nanoTime());
      changed(System.nanoTime());
      closeChannels();
    } finally {
      lock.unlock();
    }
  }

  /** The wire's state may have changed: wakes who waits for that. */
  private void changed(long now) {
    boolean closed = transport.isClosed();
    if (closed || transport.pending() > 0) {
      output.signal();
    }
    if (closed || transport.wantsInput()) {
      room.signal();
    }
    if (closed || transport.nanosUntilTimeout(now) < watchAt - now) {
      deadline.signal();
    }
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

  /** Waits for a thread of the pipe. Returns whether it was interrupted, which ends the pipe. */
  private boolean join(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        return interrupted;
      } catch (InterruptedException e) {
        interrupted = true;
        closeChannels();
      }
    }
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
