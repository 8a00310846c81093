package org.peerwire.flow;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.peerwire.frame.Message;
import org.peerwire.wire.CloseCause;
import org.peerwire.wire.PeerWire;
import org.peerwire.wire.Transport;

/**
 * A wire as a processor: what a source publishes is read by the wire, and what the wire has to send
 * is published to a sink.
 *
 * <pre>{@code
 * WireProcessor processor = new WireProcessor(wire);
 * source.subscribe(processor);
 * processor.subscribe(sink);
 * }</pre>
 *
 * <p><b>Threads.</b> From the first subscription on, the wire belongs to the processor: events are
 * raised by its executor, one at a time, and verbs are called inside of them or in {@link
 * #execute}. Before, it belongs to whoever made it. With an executor that runs a task at once,
 * {@code Runnable::run}, events are raised by whichever thread calls: the source's, the sink's, or,
 * when a deadline has come, a timer's that the whole JVM shares; so they must not wait for
 * anything.
 *
 * <p><b>Buffers.</b> What a source publishes must not change until it is read, soon after it was
 * asked for; its position is not moved, so that a source may give the same buffer to several
 * subscribers. What a sink gets is its own to keep; messages are copied, blocks are the
 * application's memory and must not be changed.
 *
 * <p><b>Back-pressure.</b> A few elements are asked of the source at a time, more only once they
 * were read, and none are read while the wire wants no input or messages wait in {@link #messages}.
 * The sink gets what it asks for; the rest stays with the wire, which then asks the application for
 * no more blocks, and is closed as {@link org.peerwire.wire.Timeout#SEND_STALLED} when the sink
 * asks for nothing for too long.
 *
 * <p><b>The end.</b> A source that completes is a peer that ended; one that fails is a connection
 * that failed. A sink that cancels is one, too. When the wire ends, the sink gets what waits and
 * completes, and the source is cancelled; what waits for a peer that broke a rule or is too slow is
 * dropped. The sink fails only if the source or a listener did, or if it did not ask for the rest
 * in time. {@link org.peerwire.wire.PeerListener#onClose} tells why.
 *
 * <p>Time is {@link System#nanoTime}.
 */
public final class WireProcessor implements Flow.Processor<ByteBuffer, ByteBuffer>, Executor {
  /** How many bytes are taken from the wire at once. */
  private static final long ROUND = 64 << 10;

  /** How many things are done before others that share the executor have their turn. */
  private static final int TURN = 256;

  /** How long a sink may ask for nothing of what a wire left behind. */
  private static final long LINGER = TimeUnit.SECONDS.toNanos(10);

  private final PeerWire wire;
  private final Transport transport;
  private final Loop loop;
  private final Inlet inlet;
  private final Flow.Subscriber<List<ByteBuffer>> lists = new Lists();
  private final Outlet<ByteBuffer> output;
  private final Outlet<Message> messages;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

  // What belongs to the loop.
  private final Alarm alarm;
  private final Parts parts = new Parts();
  private @Nullable MessageEvents heard;

  /** What is being read: the element, and its buffer. */
  private Iterator<ByteBuffer> inputs = List.<ByteBuffer>of().iterator();

  private @Nullable ByteBuffer input;
  private @Nullable Throwable crash;
  private boolean lingering;
  private long progressAt;
  private boolean over;

  /** A processor whose events are raised by the common pool. */
  public WireProcessor(PeerWire wire) {
    this(wire, ForkJoinPool.commonPool());
  }

  /**
   * A processor.
   *
   * @param wire may have been spoken to already, by a handshake
   * @param executor raises the events; one thread at a time works for a processor
   */
  public WireProcessor(PeerWire wire, Executor executor) {
    this(wire, wire.transport(), executor);
  }

  /**
   * As {@link #WireProcessor(PeerWire, Executor)}, with a layer between it and the wire, such as
   * {@link org.peerwire.mse.MseTransport}.
   *
   * @param transport what moves this wire's bytes; called by nobody else
   */
  public WireProcessor(PeerWire wire, Transport transport, Executor executor) {
    this.wire = wire;
    this.transport = transport;
    loop = new Loop(executor, this::run);
    inlet = new Inlet(loop::signal);
    output = new Outlet<>(loop::signal);
    messages = new Outlet<>(loop::signal);
    alarm = new Alarm(loop::signal);
    transport.onWork(loop::signal);
  }

  /**
   * Runs a task that calls verbs of the wire, or reads its state, from any thread: soon, after what
   * is being done. Before the first subscription it waits for that.
   */
  @Override
  public void execute(Runnable task) {
    tasks.add(Objects.requireNonNull(task));
    loop.signal();
  }

  /**
   * The same input for a source that publishes lists, as {@code
   * java.net.http.HttpResponse.BodyHandlers.fromSubscriber} wants it.
   */
  public Flow.Subscriber<List<ByteBuffer>> lists() {
    return lists;
  }

  /**
   * What the peer says, as values, for one subscriber: one for each event that stands for a
   * message, raised at the listener as well. So a message that breaks a rule, or is an answer that
   * nobody asked for, is not among them. What a peer has is told as {@link Message.HaveAll}, {@link
   * Message.HaveNone} or {@link Message.Bitfield}, whichever is right.
   *
   * <p>From this call on messages are kept until the subscriber asks for them, and reading stops
   * when many wait. It completes when the wire is closed by either side, between two messages;
   * otherwise it fails, with a {@link WireEndedException} that tells how. Who cancels hears no more
   * of the peer, and the wire goes on.
   */
  public Flow.Publisher<Message> messages() {
    execute(
        () -> {
          if (heard == null) {
            heard = MessageEvents.of(wire);
          }
        });
    return messages;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super ByteBuffer> sink) {
    output.subscribe(sink);
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    inlet.onSubscribe(subscription);
  }

  @Override
  public void onNext(ByteBuffer bytes) {
    inlet.onNext(List.of(bytes));
  }

  @Override
  public void onError(Throwable why) {
    inlet.onError(why);
  }

  @Override
  public void onComplete() {
    inlet.onComplete();
  }

  // ---------------------------------------------------------------- the loop

  /** Does what is due. Returns whether there is more. */
  private boolean run() {
    if (!inlet.isSubscribed() && !output.isSubscribed()) {
      return false;
    }
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      runTask(task);
    }
    try {
      for (int done = 0; step(); done++) {
        if (done == TURN) {
          return true;
        }
      }
      if (over) {
        inlet.cancel();
      } else {
        setAlarm();
      }
      output.tellEnd();
      messages.tellEnd();
    } catch (RuntimeException | Error e) {
      crashed(e);
    }
    return false;
  }

  /** Does one thing, if one is due. */
  private boolean step() {
    if (heard != null) {
      heard.keepPlace(wire);
    }
    return giveMessage() || (!over && stepOfWire(System.nanoTime()));
  }

  private boolean stepOfWire(long now) {
    if (output.isCancelled()) {
      transport.failed("the sink was cancelled", now);
      finish();
    } else if (transport.nanosUntilTimeout(now) == 0) {
      transport.timeout(now);
    } else if (output.isAsked() && hasOutput()) {
      give(now);
    } else if (transport.isClosed()) {
      return closed(now);
    } else {
      return read(now);
    }
    return true;
  }

  private boolean hasOutput() {
    return !parts.isEmpty() || transport.pending() > 0;
  }

  private void give(long now) {
    if (parts.isEmpty()) {
      transport.drainTo(parts, ROUND);
    }
    String failure = parts.failure();
    ByteBuffer part = parts.poll();
    if (failure != null || part == null) {
      transport.failed(failure == null ? "nothing was handed over" : failure, now);
      finish();
      return;
    }
    int bytes = part.remaining();
    output.give(part);
    progressAt = now;
    transport.sent(bytes, now);
  }

  /** Reads what is there, as far as the wire and the messages have room. */
  private boolean read(long now) {
    MessageEvents events = heard;
    int room = events == null ? Integer.MAX_VALUE : events.room();
    boolean wanted = room > 0 && transport.wantsInput();
    // Asked first: what is put before the end is not missed.
    boolean ended = inlet.isEnded();
    Throwable failure = inlet.failure();
    ByteBuffer bytes = wanted ? next() : null;
    if (bytes != null) {
      int end = bytes.limit();
      bytes.limit((int) Math.min(end, (long) bytes.position() + room));
      transport.receive(bytes, now);
      bytes.limit(end);
      return true;
    }
    if (ended && failure != null) {
      transport.failed("the source failed: " + failure, now);
      crash = failure;
      finish();
      return true;
    }
    if (ended && wanted) {
      transport.endOfInput(now);
      return true;
    }
    inlet.ask();
    return false;
  }

  /** What is to be read, or null. */
  private @Nullable ByteBuffer next() {
    ByteBuffer bytes = input;
    while (bytes == null || !bytes.hasRemaining()) {
      if (inputs.hasNext()) {
        bytes = inputs.next().duplicate();
      } else {
        List<ByteBuffer> element = inlet.poll();
        if (element == null) {
          input = null;
          return null;
        }
        inputs = element.iterator();
      }
    }
    input = bytes;
    return bytes;
  }

  /** The wire has ended; the sink gets what it left behind. */
  private boolean closed(long now) {
    if (!lingering) {
      lingering = true;
      progressAt = now;
    }
    CloseCause cause = wire.closeCause();
    boolean wanted = isOrderly(cause) || cause instanceof CloseCause.CutInFrame;
    if (wanted && hasOutput()) {
      if (now - progressAt < LINGER) {
        return false;
      }
      crash = new TimeoutException("the rest was not asked for");
    }
    // Lets go of what nobody gets.
    transport.failed("the sink did not get the rest", now);
    finish();
    return true;
  }

  private void finish() {
    over = true;
    parts.clear();
    input = null;
    inputs = List.<ByteBuffer>of().iterator();
    alarm.stop();
    CloseCause cause = wire.closeCause();
    if (crash == null && cause instanceof CloseCause.ListenerFailed failed) {
      crash = failed.exception();
    }
    output.end(crash);
    inlet.cancel();
  }

  private boolean giveMessage() {
    MessageEvents events = heard;
    if (events != null && messages.isCancelled()) {
      events.stop();
    }
    Message message = events != null && messages.isAsked() ? events.poll() : null;
    if (message != null) {
      messages.give(message);
      return true;
    }
    CloseCause cause = over ? wire.closeCause() : events == null ? null : events.cause();
    if (cause != null && (events == null || events.isEmpty())) {
      messages.end(isOrderly(cause) ? null : new WireEndedException(cause, crash));
    }
    return false;
  }

  private static boolean isOrderly(@Nullable CloseCause cause) {
    return cause instanceof CloseCause.ByUs || cause instanceof CloseCause.ByPeer;
  }

  private void setAlarm() {
    long now = System.nanoTime();
    long nanos =
        transport.isClosed() ? LINGER - (now - progressAt) : transport.nanosUntilTimeout(now);
    if (nanos != Long.MAX_VALUE) {
      alarm.set(now, Math.max(0, nanos));
    }
  }

  private void runTask(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      report(e);
    }
  }

  /** A listener or a subscriber threw what a wire does not keep to itself. */
  private void crashed(Throwable e) {
    crash = e;
    try {
      transport.failed("a listener or a subscriber failed: " + e, System.nanoTime());
    } catch (RuntimeException | Error again) {
      e.addSuppressed(again);
    }
    finish();
    loop.signal();
    report(e);
  }

  /** As a thread would that it was thrown in. */
  private static void report(Throwable e) {
    Thread thread = Thread.currentThread();
    thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
  }

  /** {@link #lists}. */
  private final class Lists implements Flow.Subscriber<List<ByteBuffer>> {
    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      inlet.onSubscribe(subscription);
    }

    @Override
    public void onNext(List<ByteBuffer> bytes) {
      inlet.onNext(bytes);
    }

    @Override
    public void onError(Throwable why) {
      inlet.onError(why);
    }

    @Override
    public void onComplete() {
      inlet.onComplete();
    }
  }
}
