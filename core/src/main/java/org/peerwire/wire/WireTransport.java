package org.peerwire.wire;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.peerwire.InfoHash;
import org.peerwire.Violation;
import org.peerwire.frame.FrameException;
import org.peerwire.frame.Outbox;
import org.peerwire.frame.OutputSink;

/**
 * The transport's face of a {@link PeerWire}, and what a layer under the wire needs beside it:
 * {@link #end} and {@link #expectInfoHash}.
 */
public final class WireTransport implements Transport {
  private final PeerWire wire;
  private final Inbound inbound;
  private Runnable wake = () -> {};

  /** What waits to be handed over; null while nothing does and nothing did for a while. */
  private @Nullable Outbox outbox;

  /** Whether a call is running, so that nobody needs to be woken. */
  private boolean running;

  private boolean closeRaised;

  /** See {@link PeerWire#pause}. */
  boolean paused;

  /**
   * Whether what was said will be all for a while: the beginning, which may be large, or a
   * keep-alive. Its memory is given back as soon as it is sent.
   */
  private boolean isIdle = true;

  /** Handed over and not yet sent, in bytes. */
  private long unsent;

  long received;
  long sent;

  WireTransport(PeerWire wire) {
    this.wire = wire;
    inbound = new Inbound(wire);
  }

  @Override
  public void receive(ByteBuffer input, long now) {
    enter(now);
    try {
      if (!wire.isClosed() && input.hasRemaining()) {
        received += input.remaining();
        long from = wire.reader.position();
        wire.reader.read(input, inbound);
        wire.deadlines.received(from);
      }
    } catch (FrameException e) {
      wire.end(new CloseCause.Violated(wire.report(e)));
    } catch (RuntimeException | Error e) {
      listenerFailed(e);
    } finally {
      input.position(input.limit());
      leave();
    }
  }

  @Override
  public void endOfInput(long now) {
    enter(now);
    wire.end(
        wire.reader.inFrame()
            ? new CloseCause.CutInFrame(wire.reader.missing())
            : new CloseCause.ByPeer());
    leave();
  }

  @Override
  public void failed(String message, long now) {
    end(new CloseCause.TransportFailed(message), now);
  }

  /** A layer under the wire ends it, for a reason of its own. Nothing more is sent. */
  public void end(CloseCause cause, long now) {
    enter(now);
    wire.end(cause);
    clear();
    leave();
  }

  /**
   * A layer under the wire learned which torrent the peer means: a handshake that names another one
   * is an {@link Violation#INFO_HASH_MISMATCH}.
   */
  public void expectInfoHash(InfoHash infoHash) {
    wire.expectInfoHash(infoHash);
  }

  @Override
  public long drainTo(OutputSink sink, long max) {
    if (outbox == null) {
      return 0;
    }
    long blocks = outbox.blockSize();
    long count = outbox.drainTo(sink, max);
    unsent += count;
    int ofBlocks = (int) (blocks - outbox.blockSize());
    if (ofBlocks > 0) {
      wire.uploads().handedOver(ofBlocks);
    }
    return count;
  }

  @Override
  public void sent(long bytes, long now) {
    enter(now);
    try {
      unsent -= bytes;
      sent += bytes;
      wire.deadlines.sent();
      if (!wire.isClosed()) {
        if (wire.uploads != null) {
          wire.uploads.sent();
        }
        if (wire.extensions != null) {
          wire.extensions.sent();
        }
        if (!hasOutput()) {
          if (isIdle && wire.isOpen()) {
            isIdle = false;
            wire.trim();
          }
          wire.listener.onDrained(wire);
        }
      }
    } catch (RuntimeException | Error e) {
      listenerFailed(e);
    } finally {
      leave();
    }
  }

  @Override
  public long pending() {
    return outbox == null ? 0 : outbox.size();
  }

  @Override
  public boolean wantsInput() {
    return hasRoom() && !holdsInput();
  }

  /** Whether the application wants nothing to be read. */
  boolean holdsInput() {
    return paused && !wire.isShakingHands();
  }

  @Override
  public long nanosUntilTimeout(long now) {
    wire.deadlines.tick(now);
    if (wire.isClosed()) {
      return closeRaised ? Deadlines.NEVER : 0;
    }
    boolean due = hasCancelled() || (wire.uploads != null && wire.uploads.canAsk());
    return due
        ? 0
        : wire.deadlines.promise(Math.min(wire.deadlines.remaining(), untilExtensions(now)));
  }

  private long untilExtensions(long now) {
    return wire.extensions == null ? Deadlines.NEVER : wire.extensions.nanosUntilTimeout(now);
  }

  @Override
  public void timeout(long now) {
    enter(now);
    try {
      if (!wire.isClosed() && wire.uploads != null) {
        wire.uploads.ask();
      }
      if (!wire.isClosed() && !wire.deadlines.areExcused()) {
        if (wire.extensions != null) {
          wire.extensions.timeout(now);
        }
        if (!wire.isClosed()) {
          raiseTimeouts();
        }
      }
    } catch (RuntimeException | Error e) {
      listenerFailed(e);
    } finally {
      leave();
    }
  }

  @Override
  public boolean isClosed() {
    return wire.isClosed();
  }

  @Override
  public void onWork(Runnable run) {
    wake = run;
  }

  /** A verb left something to do. */
  void wake() {
    if (!running) {
      wake.run();
    }
  }

  Outbox outbox() {
    Outbox made = outbox;
    if (made == null) {
      made = new Outbox();
      outbox = made;
    }
    return made;
  }

  /** Throws away what waits. */
  void clear() {
    if (outbox != null) {
      outbox.clear();
    }
  }

  /** Gives memory back, and returns whether nothing waits. */
  boolean trim() {
    boolean empty = outbox == null || outbox.isEmpty();
    if (empty) {
      outbox = null;
    }
    return empty;
  }

  /** Whether answers may be added to the output: what waits there is within its window. */
  boolean hasRoom() {
    return outbox == null || outbox.controlSize() < wire.options().controlWindow();
  }

  /** Whether bytes wait to be handed over, or were and are not sent. */
  boolean hasOutput() {
    return unsent > 0 || (outbox != null && !outbox.isEmpty());
  }

  /**
   * Bytes of blocks that wait or are on their way; control bytes on their way are counted along.
   */
  long blocksInOutput() {
    return (outbox == null ? 0 : outbox.blockSize()) + unsent;
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
      if (!wire.isClosed() && wire.downloads != null) {
        wire.downloads.endCancelled();
      }
    } catch (RuntimeException | Error e) {
      listenerFailed(e);
    } finally {
      try {
        raiseClose();
      } finally {
        running = false;
      }
    }
  }

  private boolean hasCancelled() {
    return wire.downloads != null && wire.downloads.hasCancelled();
  }

  private @Nullable Throwable endRequests() {
    return wire.downloads == null ? null : wire.downloads.close();
  }

  private void raiseTimeouts() {
    boolean quiet = wire.deadlines.areQuiet();
    Timeout passed = wire.deadlines.passed();
    if (passed != null) {
      wire.end(new CloseCause.TimedOut(passed));
      clear();
      return;
    }
    if (wire.deadlines.requestPassed()) {
      wire.downloads().timeOutHead();
      wire.listener.onTimeout(wire);
    }
    if (wire.deadlines.keepAlivePassed()) {
      isIdle = !hasOutput();
      wire.writer().keepAlive();
    }
    if (quiet) {
      wire.trim();
    }
  }

  private void raiseClose() {
    CloseCause cause = wire.closeCause();
    if (cause == null || closeRaised) {
      return;
    }
    closeRaised = true;
    if (wire.uploads != null) {
      wire.uploads.close();
    }
    Throwable thrown = endRequests();
    if (wire.extensions != null) {
      thrown = wire.extensions.close(thrown);
    }
    try {
      wire.listener.onClose(wire, cause);
    } catch (RuntimeException | Error e) {
      if (thrown != null) {
        e.addSuppressed(thrown);
      }
      thrown = e;
    }
    if (thrown instanceof Error error) {
      throw error;
    }
    if (thrown instanceof RuntimeException exception) {
      throw exception;
    }
  }

  private void listenerFailed(Throwable e) {
    wire.end(new CloseCause.ListenerFailed(e));
    clear();
    if (e instanceof Error error) {
      throw error;
    }
  }
}
