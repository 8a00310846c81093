package org.peerwire.channel;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.Channel;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.peerwire.wire.PeerWire;
import org.peerwire.wire.Transport;

/**
 * Pipes a blocking channel through a wire until one of them ends.
 *
 * <pre>{@code
 * WirePipe.run(channel, wire);
 * WirePipe.connect(address, Duration.ofSeconds(10), wire);
 * WirePipe.accept(server, 100, () -> new PeerWire(listener));
 * }</pre>
 *
 * <p>Three threads work for a pipe: the one that calls {@link #run()} reads, one of its own writes,
 * and one watches the deadlines. They take turns with the wire under a lock, and hold it while
 * events are raised, never while they wait for I/O. Any other thread goes through {@link #execute}.
 * No virtual thread is pinned: there is no {@code synchronized}; where no factory is given, the
 * pipe's own threads are virtual if the one that makes the pipe is.
 *
 * <p>When the wire ends, what waits is sent. The end of a socket is then told to the peer, and what
 * it still says is read and dropped for a while, as closing on it could destroy what the peer has
 * not read yet.
 */
public final class WirePipe {
  /** How long a wire that has ended may take to say good-bye, from its last progress on. */
  private static final long LINGER = TimeUnit.SECONDS.toNanos(5);

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

  /** How many of the reader and the writer are not done. */
  private int working = 2;

  /**
   * A pipe that has not begun.
   *
   * @param source read by the thread that runs the pipe, in blocking mode; closed at the end
   * @param sink written by a thread of the pipe's, in blocking mode; closed at the end. May be the
   *     source
   * @param threads makes the pipe's own threads; for virtual ones, {@code
   *     Thread.ofVirtual().factory()}
   * @throws IllegalBlockingModeException if one of the channels is in non-blocking mode
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
    checkBlocking(source);
    checkBlocking(sink);
    this.source = source;
    this.sink = sink;
    this.threads = threads;
    this.transport = transport;
    transport.onWork(this::wake);
  }

  /**
   * As {@link #WirePipe(ReadableByteChannel, WritableByteChannel, PeerWire, ThreadFactory)}, with
   * daemon threads.
   */
  public WirePipe(ByteChannel channel, PeerWire wire) {
    this(channel, channel, wire, Threads.asCurrent());
  }

  /** Pipes {@code channel} through {@code wire} until it has ended. The channel is closed then. */
  public static void run(ByteChannel channel, PeerWire wire) {
    new WirePipe(channel, wire).run();
  }

  /** As {@link #run(ByteChannel, PeerWire)}, for a wire that lies behind another layer. */
  public static void run(ByteChannel channel, Transport transport) {
    new WirePipe(channel, channel, transport, Threads.asCurrent()).run();
  }

  /**
   * As {@link #run(ByteChannel, PeerWire)}, for two streams, such as a process's output and input,
   * or this one's. What is written is flushed at once. A stream that waits for input cannot be
   * interrupted on every system: this returns when it ends, so let {@link
   * org.peerwire.wire.PeerListener#onClose} end whoever is at the other end.
   */
  public static void run(InputStream source, OutputStream sink, PeerWire wire) {
    new WirePipe(Channels.newChannel(source), new StreamSink(sink), wire, Threads.asCurrent())
        .run();
  }

  /**
   * Connects, and pipes the connection until the wire has ended.
   *
   * @param timeout for the connection to be made, from 1 ms
   * @throws IOException if no connection could be made; the wire is as it was
   */
  public static void connect(SocketAddress peer, Duration timeout, PeerWire wire)
      throws IOException {
    try (SocketChannel channel = SocketChannel.open()) {
      channel.socket().connect(peer, Math.toIntExact(Math.max(1, timeout.toMillis())));
      run(channel, wire);
    }
  }

  /**
   * Accepts connections until the server is closed, and pipes each through a wire of its own, on
   * threads of its own.
   *
   * @param most how many at once, from 1; more wait to be accepted
   * @param wires called once for each, by its thread
   * @throws IOException if the server failed
   */
  public static void accept(ServerSocketChannel server, int most, Supplier<PeerWire> wires)
      throws IOException {
    ThreadFactory threads = Threads.asCurrent();
    Semaphore free = new Semaphore(most);
    while (true) {
      free.acquireUninterruptibly();
      SocketChannel channel;
      try {
        channel = server.accept();
      } catch (ClosedChannelException e) {
        return;
      }
      Runnable pipe =
          () -> {
            try {
              run(channel, wires.get());
            } finally {
              close(channel);
              free.release();
            }
          };
      threads.newThread(pipe).start();
    }
  }

  /**
   * Pipes until the wire has ended; the channels are closed then. Never throws for what the peer or
   * the connection does: {@link org.peerwire.wire.PeerListener#onClose} tells. To be called once.
   */
  public void run() {
    Thread writer = threads.newThread(this::write);
    Thread watch = threads.newThread(this::watch);
    writer.start();
    watch.start();
    try {
      read();
    } finally {
      boolean interrupted = join(writer);
      interrupted |= join(watch);
      closeChannels();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Runs a task that calls verbs of the wire, or reads its state, from any thread: now, when none
   * of the pipe's threads has it. A task run inside an event runs at once.
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

  // ---------------------------------------------------------------- the reader

  private void read() {
    Input input = new Input();
    try {
      String failure = read(input);
      call(
          now -> {
            if (failure == null) {
              transport.endOfInput(now);
            } else {
              transport.failed(failure, now);
            }
          });
    } finally {
      input.release();
      done();
    }
  }

  /** Reads until the end. Returns what went wrong, or null. */
  private @Nullable String read(Input input) {
    while (awaitRoom()) {
      ByteBuffer bytes = input.buffer();
      int count;
      try {
        count = source.read(bytes);
      } catch (ClosedChannelException e) {
        return "the channel was closed";
      } catch (IOException | RuntimeException e) {
        return message(e);
      }
      if (count < 0) {
        break;
      }
      if (count == 0) {
        Gather.pause();
        continue;
      }
      bytes.flip();
      // Once the wire has ended it drops what comes.
      call(now -> transport.receive(bytes, now));
      input.read(count);
    }
    return null;
  }

  /** Waits while the wire asks to stop reading. Returns whether there is something to read for. */
  private boolean awaitRoom() {
    lock.lock();
    try {
      while (!transport.wantsInput() && !transport.isClosed()) {
        room.awaitUninterruptibly();
      }
      return !transport.isClosed() || saysGoodBye();
    } finally {
      lock.unlock();
    }
  }

  // ---------------------------------------------------------------- the writer

  private void write() {
    Gather gather = new Gather(sink);
    boolean ended = false;
    try {
      String failure = write(gather);
      if (failure == null) {
        ended = saysGoodBye();
      } else {
        call(now -> transport.failed(failure, now));
      }
    } finally {
      gather.release();
      if (!ended) {
        closeChannels();
      }
      done();
    }
  }

  /** Writes until the end. Returns what went wrong, or null. */
  private @Nullable String write(Gather gather) {
    while (collect(gather)) {
      long count = 1;
      while (count > 0) {
        try {
          count = gather.write();
        } catch (IOException | RuntimeException e) {
          return message(e);
        }
        sent(count);
      }
    }
    try {
      endOutput();
      return null;
    } catch (IOException e) {
      return message(e);
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
      gather.end();
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void sent(long bytes) {
    if (bytes > 0) {
      call(
          now -> {
            progressAt = now;
            transport.sent(bytes, now);
          });
    }
  }

  /** Tells the peer that nothing more comes. */
  private void endOutput() throws IOException {
    if (saysGoodBye()) {
      ((SocketChannel) sink).shutdownOutput();
      call(now -> progressAt = now);
    }
  }

  private boolean saysGoodBye() {
    return sink == source && sink instanceof SocketChannel socket && socket.isConnected();
  }

  // ---------------------------------------------------------------- the watch

  /** Raises what is due, and cuts a connection whose wire has ended and whose peer does not go. */
  private void watch() {
    lock.lock();
    try {
      while (working > 0) {
        long now = System.nanoTime();
        long nanos = transport.nanosUntilTimeout(now);
        if (nanos == 0) {
          boolean wasOpen = !transport.isClosed();
          try {
            transport.timeout(now);
          } finally {
            changed(now);
          }
          if (wasOpen && transport.isClosed() && transport.pending() == 0) {
            // The peer was too slow. What it has not taken yet is not waited for.
            return;
          }
          continue;
        }
        if (transport.isClosed()) {
          nanos = LINGER - (now - progressAt);
          if (nanos <= 0) {
            return;
          }
        }
        watchAt = now + nanos;
        deadline.awaitNanos(nanos);
      }
    } catch (InterruptedException e) {
      long now = System.nanoTime();
      transport.failed("the pipe was interrupted", now);
      changed(now);
    } finally {
      // Whatever still waits for the channels ends with them.
      lock.unlock();
      closeChannels();
    }
  }

  // ---------------------------------------------------------------- what they share

  /** A call of the transport. A listener's {@code onClose} may throw out of it. */
  private void call(LongConsumer verb) {
    lock.lock();
    try {
      long now = System.nanoTime();
      try {
        verb.accept(now);
      } finally {
        changed(now);
      }
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

  /** The reader or the writer is done. */
  private void done() {
    lock.lock();
    try {
      working--;
      deadline.signal();
    } finally {
      lock.unlock();
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

  private static void checkBlocking(Channel channel) {
    if (channel instanceof SelectableChannel selectable && !selectable.isBlocking()) {
      throw new IllegalBlockingModeException();
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

  private static String message(Exception e) {
    String message = e.getMessage();
    return e instanceof IOException && message != null ? message : e.toString();
  }
}
