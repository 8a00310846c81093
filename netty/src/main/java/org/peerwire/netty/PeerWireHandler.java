package org.peerwire.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
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
 * one pooled buffer a round; blocks leave by reference. Those that are an {@link
 * org.peerwire.channel.FileRegion} are read when the socket takes them, into memory that all
 * connections of a thread share, and leave many at once, as a message of the kind of {@link
 * io.netty.channel.FileRegion}: between here and the channel may be no handler for bytes alone,
 * such as one that encrypts. Any other {@link org.peerwire.BlockRegion} is read by the event loop,
 * which it should not keep waiting.
 *
 * <p><b>Back-pressure.</b> While the channel is not writable, output stays with the wire, which
 * then asks the application for no more blocks. While the wire wants no input, auto-read is off; an
 * application that reads by itself is left alone.
 *
 * <p>Time comes from the ticker of the event executor. A deadline may be late by a 64th of the time
 * that it waited for, so that those of many connections come together.
 */
@SuppressWarnings("FutureReturnValueIgnored") // closing is told by the channel's events too
public final class PeerWireHandler extends ChannelDuplexHandler {
  private final PeerWire wire;

  /** The loop's, once there is one. */
  private @Nullable Transport transport;

  /** Tasks that came before the handler was added, guarded by this. Null afterwards. */
  private @Nullable List<Runnable> early = new ArrayList<>(0);

  /** What does it all, from the moment the handler is added. */
  private volatile @Nullable WireLoop loop;

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
    WireLoop running = loop;
    if (running == null) {
      synchronized (this) {
        List<Runnable> tasks = early;
        if (tasks != null) {
          tasks.add(task);
          return;
        }
      }
      running = loop();
    }
    EventExecutor executor = running.context().executor();
    if (executor.inEventLoop()) {
      task.run();
    } else {
      executor.execute(task);
    }
  }

  // ---------------------------------------------------------------- what the pipeline calls

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    Transport given = transport;
    if (given == null) {
      throw new IllegalStateException("the handler was added before");
    }
    transport = null;
    WireLoop added = new WireLoop(context, wire, given);
    List<Runnable> tasks;
    synchronized (this) {
      loop = added;
      tasks = early;
      early = null;
    }
    if (tasks != null) {
      tasks.forEach(context.executor()::execute);
    }
    added.added();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    loop().removed();
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    loop().active();
    context.fireChannelActive();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof ByteBuf bytes) {
      loop().read(bytes);
    } else {
      context.fireChannelRead(message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    loop().readComplete();
    context.fireChannelReadComplete();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    loop().run();
    context.fireChannelWritabilityChanged();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      // With ALLOW_HALF_CLOSURE: the peer said its last, and what waits for it is still sent.
      loop().inputEnded();
    }
    context.fireUserEventTriggered(event);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    loop().inactive();
    context.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    loop().failed(cause);
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

  private WireLoop loop() {
    WireLoop running = loop;
    if (running == null) {
      throw new IllegalStateException("the handler was not added to a pipeline");
    }
    return running;
  }
}
