package org.peerwire.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.peerwire.wire.CloseCause;
import org.peerwire.wire.PeerWire;
import org.peerwire.wire.Transport;

/**
 * Moves bytes and time between a channel and a wire: what the channel tells is noted, and all that
 * is due is done one by one, never inside of itself, since the channel may call back while it is
 * called.
 *
 * <pre>
 *   held input, a failure, the end of the input, bytes that were sent, time, bytes to send,
 *   the end of the connection, whether to read on
 * </pre>
 *
 * <p>Belongs to the event executor.
 */
@SuppressWarnings("FutureReturnValueIgnored") // closing is told by the channel's events too
final class WireLoop implements Runnable {
  /** How long a peer that takes nothing holds up the end of a closed wire, in nanoseconds. */
  private static final long LINGER = TimeUnit.SECONDS.toNanos(10);

  private final ChannelHandlerContext context;
  private final PeerWire wire;
  private final Alarm alarm;
  private final Input input = new Input();
  private final Output output = new Output(this);
  private Transport transport;

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

  /** Whether we have switched auto-read off. */
  private boolean paused;

  /** Whether a run is on its way that a verb asked for, and none has come before it. */
  private boolean woken;

  private boolean lingering;
  private boolean closing;
  private boolean removed;

  // What was noted.
  private @Nullable String failure;
  private boolean inputEnded;

  /** When the peer took bytes last, or the wire ended. */
  private long progressAt;

  WireLoop(ChannelHandlerContext context, PeerWire wire, Transport transport) {
    this.context = context;
    this.wire = wire;
    this.transport = transport;
    alarm = new Alarm(Alarms.of(context.executor()), this);
  }

  ChannelHandlerContext context() {
    return context;
  }

  // ---------------------------------------------------------------- what the channel tells

  void added() {
    transport.onWork(this::wake);
    active = context.channel().isActive();
    run();
  }

  void active() {
    active = true;
    run();
  }

  void read(ByteBuf bytes) {
    if (running) {
      input.hold(bytes);
      noted = true;
      return;
    }
    reading = true;
    running = true;
    try {
      Input.read(bytes, transport, alarm.now());
      transport = transport.successor();
    } catch (Throwable e) {
      crash(e);
    } finally {
      running = false;
    }
    if (noted || !transport.wantsInput()) {
      run();
    }
  }

  void readComplete() {
    reading = false;
    if (active && transport.pending() == 0) {
      output.unanswered(context.channel());
    }
    run();
  }

  void inputEnded() {
    inputEnded = true;
    run();
  }

  void inactive() {
    active = false;
    inputEnded = true;
    reading = false;
    run();
  }

  void failed(Throwable cause) {
    // A closed channel is told by inactive(), which knows how it came about.
    if (!(cause instanceof ClosedChannelException)) {
      failure = message(cause);
      run();
    }
  }

  void removed() {
    removed = true;
    active = false;
    alarm.stop();
    input.release();
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

  /**
   * A verb was called outside of the transport's calls. No event may be raised inside of it, so the
   * rest comes soon.
   */
  void wake() {
    EventExecutor executor = context.executor();
    if (!executor.inEventLoop()) {
      throw new IllegalStateException(
          "the wire belongs to its event executor: use PeerWireHandler.execute");
    }
    if (running) {
      noted = true;
    } else if (!woken) {
      woken = true;
      executor.execute(this);
    }
  }

  // ---------------------------------------------------------------- what is due

  @Override
  public void run() {
    woken = false;
    if (running) {
      noted = true;
      return;
    }
    running = true;
    try {
      while (step()) {
        noted = false;
      }
      setAlarm();
    } catch (Throwable e) {
      crash(e);
    } finally {
      running = false;
      noted = false;
    }
  }

  /** Does one thing, if one is due. */
  private boolean step() {
    if (input.isHeld()) {
      input.readHeld(transport, alarm.now());
    } else if (failure != null) {
      String why = failure;
      failure = null;
      transport.failed(why, alarm.now());
    } else if (inputEnded) {
      inputEnded = false;
      transport.endOfInput(alarm.now());
      if (!active) {
        failure = "the channel was closed";
      }
    } else if (output.hasWritten()) {
      progressAt = alarm.now();
      transport.sent(output.takeWritten(), progressAt);
    } else if (isDue()) {
      transport.timeout(alarm.now());
    } else if (mayDrain()) {
      failure = output.drain(context, transport);
    } else {
      return shouldClose() ? close() : adjustAutoRead();
    }
    return true;
  }

  /** Before the channel is connected no time passes for the wire, but it may be closed. */
  private boolean isDue() {
    return (active || transport.isClosed()) && transport.nanosUntilTimeout(alarm.now()) == 0;
  }

  private boolean mayDrain() {
    boolean collecting = reading && transport.wantsInput();
    return active && transport.pending() > 0 && !collecting && context.channel().isWritable();
  }

  private boolean shouldClose() {
    if (closing || removed || !transport.isClosed()) {
      return false;
    }
    if (!lingering) {
      lingering = true;
      progressAt = alarm.now();
    }
    CloseCause cause = wire.closeCause();
    boolean orderly =
        cause instanceof CloseCause.ByUs
            || cause instanceof CloseCause.ByPeer
            || cause instanceof CloseCause.CutInFrame;
    boolean sent = transport.pending() == 0 && output.isEmpty();
    return !active || !orderly || sent || alarm.now() - progressAt >= LINGER;
  }

  private boolean close() {
    closing = true;
    alarm.stop();
    context.close();
    if (!active) {
      // Nobody will ever take what waits.
      failure = "the channel was closed";
    }
    return true;
  }

  /** An application that reads by itself, with auto-read off, is left alone. */
  private boolean adjustAutoRead() {
    // A closed wire reads on, and so sees the peer go.
    boolean wants = transport.isClosed() || transport.wantsInput();
    ChannelConfig config = context.channel().config();
    if (wants == paused && (paused || config.isAutoRead()) && !removed) {
      paused = !wants;
      config.setAutoRead(wants);
      return true;
    }
    return false;
  }

  private void setAlarm() {
    if (closing || removed) {
      return;
    }
    long now = alarm.now();
    if (transport.isClosed()) {
      alarm.set(now, LINGER - (now - progressAt));
    } else if (active) {
      alarm.set(now, transport.nanosUntilTimeout(now));
    }
  }

  /**
   * Something threw that may not throw: a listener's onClose, or an Error. The connection goes, and
   * the pipeline hears it.
   */
  private void crash(Throwable e) {
    try {
      transport.failed(message(e), alarm.now());
    } catch (RuntimeException again) {
      e.addSuppressed(again);
    }
    closing = true;
    alarm.stop();
    context.close();
    context.fireExceptionCaught(e);
  }

  static String message(Throwable e) {
    String message = e.getMessage();
    return e instanceof IOException && message != null ? message : e.toString();
  }
}
