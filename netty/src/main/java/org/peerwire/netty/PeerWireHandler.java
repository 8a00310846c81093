package org.peerwire.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.FileRegion;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.peerwire.wire.CloseCause;
import org.peerwire.wire.PeerWire;
import org.peerwire.wire.Transport;

/**
 * Joins a channel and a wire: the last handler of a pipeline, one for each channel.
 *
 * <pre>{@code
 * channel.pipeline().addLast(new PeerWireHandler(wire));
 * }</pre>
 *
 * <p>It may be added before the channel is connected or after. When the wire ends, what waits is
 * sent and the channel is closed; when the channel ends, so does the wire, and {@link
 * org.peerwire.wire.PeerListener#onClose} tells why. Removed from a channel that stays open, it
 * ends the wire and leaves the channel alone.
 *
 * <p><b>Threads.</b> From the moment the handler is added, the wire belongs to the thread of its
 * event executor: events are raised there, and verbs are called and state is read there, inside
 * events or outside. Any other thread goes through {@link #execute}; a verb it calls directly
 * throws {@link IllegalStateException}. Before, the wire belongs to the thread that adds the
 * handler.
 *
 * <p><b>Buffers.</b> Incoming {@link ByteBuf}s are read in place and released. Messages leave in
 * one pooled buffer a round; blocks leave by reference; an {@link org.peerwire.channel.FileRegion}
 * leaves by sendfile and so needs a pipeline that has no handler for bytes alone, such as one that
 * encrypts, between here and the channel. Any other {@link org.peerwire.BlockRegion} is read by the
 * event loop, which it should not keep waiting.
 *
 * <p><b>Back-pressure.</b> While the channel is not writable, output stays with the wire, which
 * then asks the application for no more blocks. While the wire wants no input, auto-read is off; an
 * application that reads by itself is left alone.
 *
 * <p>Time comes from the ticker of the event executor.
 */
// What Netty's futures tell is told by its events too, but for writes, to which we listen.
@SuppressWarnings("FutureReturnValueIgnored")
public final class PeerWireHandler extends ChannelDuplexHandler {
  /**
   * After how many bytes, at the least, the wire is told that they are sent: often enough that a
   * slow peer is seen to take them, and seldom enough to cost nothing.
   */
  private static final int REPORT = 32 << 10;

  /** How long a peer that takes nothing holds up the end of a closed wire, in nanoseconds. */
  private static final long LINGER = TimeUnit.SECONDS.toNanos(10);

  private final PeerWire wire;
  private final Transport transport;
  private final ChannelFutureListener check = future -> failed(future.cause());

  /** Tasks that came before the handler was added, guarded by this. Null afterwards. */
  private @Nullable List<Runnable> early = new ArrayList<>(0);

  private volatile @Nullable ChannelHandlerContext added;

  // All that follows belongs to the event executor.

  /** Whether the channel is connected and has not ended. */
  private boolean active;

  /**
   * Whether the transport or the channel is being called; what happens meanwhile is noted and done
   * after.
   */
  private boolean running;

  /** Whether something was noted while running. */
  private boolean noted;

  /** Between the first read and the end of a burst of reads, in which output is only collected. */
  private boolean reading;

  private boolean paused;
  private boolean flushing;
  private boolean lingering;
  private boolean closing;
  private boolean removed;

  // What was noted.
  private @Nullable Queue<ByteBuf> held;
  private @Nullable String failure;
  private boolean inputEnded;
  private long written;

  /** Bytes handed to the channel that are not sent. */
  private long inFlight;

  private @Nullable Round round;
  private @Nullable ScheduledFuture<?> timer;
  private long timerAt;
  private long progressAt;

  /**
   * A handler for one channel.
   *
   * @param wire may have been spoken to already, by a handshake
   */
  public PeerWireHandler(PeerWire wire) {
    this(wire, wire.transport());
  }

  /**
   * A handler for one channel, with a layer between it and the wire, such as encryption:
   *
   * <pre>{@code
   * new PeerWireHandler(wire, mse.initiate(wire.transport(), infoHash))
   * }</pre>
   *
   * @param wire may have been spoken to already, by a handshake
   * @param transport what moves this wire's bytes; called by nobody else
   */
  public PeerWireHandler(PeerWire wire, Transport transport) {
    this.wire = wire;
    this.transport = transport;
  }

  /** The wire. It belongs to the event executor. */
  public PeerWire wire() {
    return wire;
  }

  /**
   * Runs a task that calls verbs of the wire, or reads its state, from any thread: at once on the
   * event executor, soon on any other; a task that comes before the handler is added runs when it
   * is.
   *
   * @throws java.util.concurrent.RejectedExecutionException if the event loop was shut down
   */
  public void execute(Runnable task) {
    ChannelHandlerContext context = added;
    if (context == null) {
      synchronized (this) {
        List<Runnable> tasks = early;
        if (tasks != null) {
          tasks.add(task);
          return;
        }
      }
      context = context();
    }
    EventExecutor executor = context.executor();
    if (executor.inEventLoop()) {
      task.run();
    } else {
      executor.execute(task);
    }
  }

  // ---------------------------------------------------------------- what the pipeline calls

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    List<Runnable> tasks;
    synchronized (this) {
      added = context;
      tasks = early;
      early = null;
    }
    removed = false;
    transport.onWork(this::wake);
    if (tasks != null) {
      tasks.forEach(context.executor()::execute);
    }
    active = context.channel().isActive();
    run();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    removed = true;
    active = false;
    stopTimer();
    Queue<ByteBuf> inputs = held;
    if (inputs != null) {
      inputs.forEach(ByteBuf::release);
      inputs.clear();
    }
    if (paused) {
      paused = false;
      context.channel().config().setAutoRead(true);
    }
    failure =
        context.channel().isOpen()
            ? "the handler was removed"
            : "the channel was closed before it was connected";
    run();
    transport.onWork(() -> {});
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    active = true;
    run();
    context.fireChannelActive();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (!(message instanceof ByteBuf bytes)) {
      context.fireChannelRead(message);
    } else if (running) {
      hold(bytes);
    } else {
      reading = true;
      running = true;
      try {
        receive(bytes);
      } catch (Throwable e) {
        crash(e);
      } finally {
        running = false;
      }
      if (noted || !transport.wantsInput()) {
        run();
      }
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    reading = false;
    run();
    context.fireChannelReadComplete();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    run();
    context.fireChannelWritabilityChanged();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      // With ALLOW_HALF_CLOSURE: the peer said its last, and what waits for it is still sent.
      inputEnded = true;
      run();
    }
    context.fireUserEventTriggered(event);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    active = false;
    inputEnded = true;
    reading = false;
    run();
    context.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    failed(cause);
    if (!(cause instanceof IOException)) {
      // A bug in some handler, or worse: more people than the wire should know.
      context.fireExceptionCaught(cause);
    }
  }

  /** Somebody here closes the channel, so it was not the peer. */
  @Override
  public void close(ChannelHandlerContext context, ChannelPromise promise) {
    wire.close();
    context.close(promise);
  }

  /** As {@link #close(ChannelHandlerContext, ChannelPromise)}. */
  @Override
  public void disconnect(ChannelHandlerContext context, ChannelPromise promise) {
    wire.close();
    context.disconnect(promise);
  }

  // ---------------------------------------------------------------- the loop

  /**
   * A verb was called outside of the transport's calls. No event may be raised inside of it, so the
   * rest comes soon.
   */
  private void wake() {
    EventExecutor executor = context().executor();
    if (!executor.inEventLoop()) {
      throw new IllegalStateException(
          "the wire belongs to its event executor: use PeerWireHandler.execute");
    }
    if (running) {
      noted = true;
    } else if (!flushing) {
      flushing = true;
      executor.execute(
          () -> {
            flushing = false;
            run();
          });
    }
  }

  /**
   * Does all that is due, and nothing inside of itself: the channel may call back while it is
   * called.
   */
  private void run() {
    if (running) {
      noted = true;
      return;
    }
    running = true;
    try {
      while (step()) {
        noted = false;
      }
      startTimer();
    } catch (Throwable e) {
      crash(e);
    } finally {
      running = false;
      noted = false;
    }
  }

  /** Does one thing, if one is due. */
  private boolean step() {
    Queue<ByteBuf> inputs = held;
    if (inputs != null && !inputs.isEmpty()) {
      receive(inputs.remove());
    } else if (failure != null) {
      String why = failure;
      failure = null;
      transport.failed(why, now());
    } else if (inputEnded) {
      inputEnded = false;
      transport.endOfInput(now());
      if (!active) {
        failure = "the channel was closed";
      }
    } else if (written > 0) {
      long bytes = written;
      written = 0;
      inFlight -= bytes;
      progressAt = now();
      transport.sent(bytes, progressAt);
    } else if (isDue()) {
      transport.timeout(now());
    } else if (active && transport.pending() > 0 && !isCollecting() && isWritable()) {
      drain();
    } else {
      return shouldClose() ? close() : adjustAutoRead();
    }
    return true;
  }

  private void receive(ByteBuf bytes) {
    try {
      long now = now();
      int count = bytes.nioBufferCount();
      if (count == 1) {
        transport.receive(bytes.internalNioBuffer(bytes.readerIndex(), bytes.readableBytes()), now);
      } else if (count > 1) {
        for (ByteBuffer part : bytes.nioBuffers()) {
          transport.receive(part, now);
        }
      } else {
        transport.receive(ByteBuffer.wrap(ByteBufUtil.getBytes(bytes)), now);
      }
    } finally {
      bytes.release();
    }
  }

  /** A channel that reads inside of a write, as local ones do. */
  private void hold(ByteBuf bytes) {
    Queue<ByteBuf> inputs = held;
    if (inputs == null) {
      inputs = new ArrayDeque<>();
      held = inputs;
    }
    inputs.add(bytes);
    noted = true;
  }

  /** Before the channel is connected no time passes for the wire, but it may be closed. */
  private boolean isDue() {
    return (active || transport.isClosed()) && transport.nanosUntilTimeout(now()) == 0;
  }

  private boolean isCollecting() {
    return reading && transport.wantsInput();
  }

  private boolean isWritable() {
    return context().channel().isWritable();
  }

  /**
   * Hands all that waits to the channel. The wire bounds it by its windows; and a region is never
   * cut, so it is released either by the wire or by the channel.
   */
  private void drain() {
    ChannelHandlerContext context = context();
    Round round = this.round;
    if (round == null) {
      round = new Round(context.alloc());
      this.round = round;
    }
    inFlight += transport.drainTo(round, Long.MAX_VALUE);
    List<Object> parts = round.end();
    failure = round.failure();
    if (failure != null) {
      round.discard();
      return;
    }
    int unreported = 0;
    int last = parts.size() - 1;
    for (int i = 0; i <= last; i++) {
      Object part = parts.get(i);
      unreported +=
          part instanceof FileRegion file ? (int) file.count() : ((ByteBuf) part).readableBytes();
      if (i == last || unreported >= REPORT) {
        int bytes = unreported;
        unreported = 0;
        context.write(part).addListener(future -> written(future, bytes));
      } else {
        // A part that is lost alone, refused by a handler perhaps, would leave a hole in what
        // follows.
        context.write(part).addListener(check);
      }
    }
    parts.clear();
    context.flush();
  }

  private void written(Future<?> future, int bytes) {
    if (future.isSuccess()) {
      written += bytes;
      run();
    } else {
      failed(future.cause());
    }
  }

  private void failed(@Nullable Throwable cause) {
    // A closed channel is told by channelInactive, which knows how it came about.
    if (cause != null && !(cause instanceof ClosedChannelException)) {
      failure = message(cause);
      run();
    }
  }

  private boolean shouldClose() {
    if (closing || removed || !transport.isClosed()) {
      return false;
    }
    if (!lingering) {
      lingering = true;
      progressAt = now();
    }
    CloseCause cause = wire.closeCause();
    boolean orderly =
        cause instanceof CloseCause.ByUs
            || cause instanceof CloseCause.ByPeer
            || cause instanceof CloseCause.CutInFrame;
    boolean sent = transport.pending() == 0 && inFlight == 0;
    return !active || !orderly || sent || now() - progressAt >= LINGER;
  }

  private boolean close() {
    closing = true;
    stopTimer();
    context().close();
    if (!active) {
      // Nobody will ever take what waits.
      failure = "the channel was closed";
    }
    return true;
  }

  private boolean adjustAutoRead() {
    // A closed wire reads on, and so sees the peer go.
    boolean wants = transport.isClosed() || transport.wantsInput();
    ChannelConfig config = context().channel().config();
    if (wants == paused && (paused || config.isAutoRead()) && !removed) {
      paused = !wants;
      config.setAutoRead(wants);
      return true;
    }
    return false;
  }

  // ---------------------------------------------------------------- time

  private long now() {
    return context().executor().ticker().nanoTime();
  }

  /**
   * One task for all deadlines. It is moved only forward, so that traffic, which moves deadlines
   * back, costs nothing.
   */
  private void startTimer() {
    if (closing || removed) {
      return;
    }
    long now = now();
    long nanos = Long.MAX_VALUE;
    if (transport.isClosed()) {
      nanos = LINGER - (now - progressAt);
    } else if (active) {
      nanos = transport.nanosUntilTimeout(now);
    }
    if (nanos != Long.MAX_VALUE && (timer == null || now + nanos - timerAt < 0)) {
      stopTimer();
      timerAt = now + nanos;
      timer =
          context()
              .executor()
              .schedule(
                  () -> {
                    timer = null;
                    run();
                  },
                  nanos,
                  TimeUnit.NANOSECONDS);
    }
  }

  private void stopTimer() {
    ScheduledFuture<?> task = timer;
    if (task != null) {
      timer = null;
      task.cancel(false);
    }
  }

  // ---------------------------------------------------------------- the rest

  /**
   * Something threw that may not throw: a listener's onClose, or an Error. The connection goes, and
   * the pipeline hears it.
   */
  private void crash(Throwable e) {
    ChannelHandlerContext context = context();
    Round unwritten = round;
    if (unwritten != null) {
      unwritten.discard();
    }
    try {
      transport.failed(message(e), now());
    } catch (RuntimeException again) {
      e.addSuppressed(again);
    }
    closing = true;
    stopTimer();
    context.close();
    context.fireExceptionCaught(e);
  }

  private ChannelHandlerContext context() {
    ChannelHandlerContext context = added;
    if (context == null) {
      throw new IllegalStateException("the handler was not added to a pipeline");
    }
    return context;
  }

  static String message(Throwable e) {
    String message = e.getMessage();
    return e instanceof IOException && message != null ? message : e.toString();
  }
}
