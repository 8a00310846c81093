package org.peerwire.wire;

import java.nio.ByteBuffer;
import org.peerwire.frame.FrameException;
import org.peerwire.frame.OutputSink;

/**
 * The transport's face of a {@link PeerWire}: what moves bytes between a connection and a wire
 * calls this, and nothing else does. It has five verbs, and one loop:
 *
 * <pre>
 *   bytes came              {@link #receive}
 *   the peer ended          {@link #endOfInput}
 *   after any call          {@link #drainTo} and {@link #sent}, then {@link #nanosUntilTimeout}
 *   that long passed        {@link #timeout}; an early call does no harm
 *   {@link #isClosed}              send what is left, and end the connection
 * </pre>
 *
 * <p>{@code now} is any clock that only grows, in nanoseconds, such as {@code System.nanoTime()};
 * always the same one. A wire and its transport belong to one thread at a time. Nothing here throws
 * for what the peer does.
 */
public final class WireTransport {
  private final PeerWire wire;
  private final Inbound inbound;
  private Runnable wake = () -> {};

  /** Whether a call is running, so that nobody needs to be woken. */
  private boolean running;

  private boolean closeRaised;

  /** Handed over and not yet sent, in bytes. */
  private long unsent;

  long received;
  long sent;

  WireTransport(PeerWire wire) {
    this.wire = wire;
    inbound = new Inbound(wire);
  }

  /**
   * Bytes came. Raises the events for all of them.
   *
   * @param input all of it is consumed: its position moves to its limit. Its content is not changed
   *     and it is not kept
   */
  public void receive(ByteBuffer input, long now) {
    enter(now);
    try {
      if (!wire.isClosed() && input.hasRemaining()) {
        wire.deadlines.received();
        received += input.remaining();
        wire.reader.read(input, inbound);
        wire.deadlines.readTo();
      }
    } catch (FrameException e) {
      wire.end(new CloseCause.Violated(wire.report(e)));
    } catch (RuntimeException e) {
      listenerFailed(e);
    } finally {
      input.position(input.limit());
      leave();
    }
  }

  /** The peer will send nothing more. What waits may still be sent. */
  public void endOfInput(long now) {
    enter(now);
    wire.end(
        wire.reader.inFrame()
            ? new CloseCause.CutInFrame(wire.reader.missing())
            : new CloseCause.ByPeer());
    leave();
  }

  /**
   * The connection failed.
   *
   * @param message what went wrong, for a person
   */
  public void failed(String message, long now) {
    enter(now);
    wire.end(new CloseCause.TransportFailed(message));
    wire.outbox.clear();
    leave();
  }

  /**
   * Hands over bytes that wait to be sent, in order and each once. Bytes handed over count against
   * the upload window until {@link #sent}.
   *
   * @param max how many bytes at the most
   * @return how many were handed over
   */
  public long drainTo(OutputSink sink, long max) {
    long blocks = wire.outbox.blockSize();
    long count = wire.outbox.drainTo(sink, max);
    unsent += count;
    wire.uploads.handedOver((int) (blocks - wire.outbox.blockSize()));
    return count;
  }

  /**
   * Bytes that were handed over have been sent. May raise events.
   *
   * @param bytes how many, since the last call
   */
  public void sent(long bytes, long now) {
    enter(now);
    try {
      unsent -= bytes;
      sent += bytes;
      wire.deadlines.sent();
      if (!wire.isClosed()) {
        wire.uploads.sent();
        wire.extensions.sent();
        if (!hasOutput()) {
          wire.listener.onDrained(wire);
        }
      }
    } catch (RuntimeException e) {
      listenerFailed(e);
    } finally {
      leave();
    }
  }

  /** How many bytes wait to be handed over. */
  public long pending() {
    return wire.outbox.size();
  }

  /**
   * Whether the transport should go on reading. False while so much waits to be sent that more
   * input would only add to it; it changes in {@link #sent}.
   */
  public boolean wantsInput() {
    return wire.outbox.controlSize() < wire.options.controlWindow();
  }

  /**
   * In how many nanoseconds {@link #timeout} is due: 0 for now, {@link Long#MAX_VALUE} for never.
   */
  public long nanosUntilTimeout(long now) {
    wire.deadlines.tick(now);
    if (wire.isClosed()) {
      return closeRaised ? Deadlines.NEVER : 0;
    }
    boolean due = wire.downloads.hasCancelled() || wire.uploads.canAsk();
    return due ? 0 : Math.min(wire.deadlines.remaining(), wire.extensions.nanosUntilTimeout(now));
  }

  /** Time has passed. Raises what is due; does nothing if nothing is. */
  public void timeout(long now) {
    enter(now);
    try {
      if (!wire.isClosed()) {
        wire.uploads.ask();
        wire.extensions.timeout(now);
      }
      if (!wire.isClosed()) {
        raiseTimeouts();
      }
    } catch (RuntimeException e) {
      listenerFailed(e);
    } finally {
      leave();
    }
  }

  /**
   * Whether the wire has ended. What still waits may be sent; then the connection is to be ended.
   */
  public boolean isClosed() {
    return wire.isClosed();
  }

  /**
   * Sets what to run when a verb was called outside of the transport's calls, so that there is
   * something to send or to do: the transport then goes once through its loop. It is run by the
   * thread that called the verb, inside the verb.
   */
  public void onWork(Runnable run) {
    wake = run;
  }

  /** A verb left something to do. */
  void wake() {
    if (!running) {
      wake.run();
    }
  }

  /** Whether bytes wait to be handed over, or were and are not sent. */
  boolean hasOutput() {
    return unsent > 0 || !wire.outbox.isEmpty();
  }

  /**
   * Bytes of blocks that wait or are on their way; control bytes on their way are counted along.
   */
  long blocksInOutput() {
    return wire.outbox.blockSize() + unsent;
  }

  private void enter(long now) {
    if (running) {
      throw new IllegalStateException("the transport was called inside an event");
    }
    running = true;
    wire.deadlines.tick(now);
  }

  /** Every call ends here: what came to an end meanwhile is raised. */
  private void leave() {
    try {
      if (!wire.isClosed() && wire.downloads.hasCancelled()) {
        wire.downloads.endCancelled();
      }
    } catch (RuntimeException e) {
      listenerFailed(e);
    }
    try {
      raiseClose();
    } finally {
      running = false;
    }
  }

  private void raiseTimeouts() {
    Timeout passed = wire.deadlines.passed();
    if (passed != null) {
      wire.end(new CloseCause.TimedOut(passed));
      wire.outbox.clear();
      return;
    }
    if (wire.deadlines.requestPassed()) {
      wire.downloads.timeOutHead();
      wire.listener.onTimeout(wire);
    }
    if (wire.isOpen() && wire.deadlines.keepAlivePassed()) {
      wire.writer.keepAlive();
      wire.deadlines.keptAlive();
    }
    wire.trim();
  }

  private void raiseClose() {
    CloseCause cause = wire.closeCause();
    if (cause == null || closeRaised) {
      return;
    }
    closeRaised = true;
    wire.uploads.close();
    try {
      wire.downloads.close();
      wire.extensions.close();
    } finally {
      wire.listener.onClose(wire, cause);
    }
  }

  private void listenerFailed(RuntimeException e) {
    wire.end(new CloseCause.ListenerFailed(e));
    wire.outbox.clear();
  }
}
