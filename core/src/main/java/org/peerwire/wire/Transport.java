package org.peerwire.wire;

import java.nio.ByteBuffer;
import org.peerwire.frame.OutputSink;

/**
 * What moves bytes between a connection and a wire calls this, and nothing else. {@link
 * PeerWire#transport} is the wire's own; a layer that changes the bytes, such as encryption, offers
 * the same verbs and calls those of the transport below it. There are five, and one loop:
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
public interface Transport {
  /**
   * Bytes came. Raises the events for all of them.
   *
   * @param input all of it is consumed: its position moves to its limit. Its content is not changed
   *     and it is not kept
   */
  void receive(ByteBuffer input, long now);

  /** The peer will send nothing more. What waits may still be sent. */
  void endOfInput(long now);

  /**
   * The connection failed.
   *
   * @param message what went wrong, for a person
   */
  void failed(String message, long now);

  /**
   * Hands over bytes that wait to be sent, in order and each once. Bytes handed over count against
   * the upload window until {@link #sent}.
   *
   * @param max how many bytes at the most
   * @return how many were handed over
   */
  long drainTo(OutputSink sink, long max);

  /**
   * Bytes that were handed over have been sent. May raise events.
   *
   * @param bytes how many, since the last call
   */
  void sent(long bytes, long now);

  /** How many bytes wait to be handed over. */
  long pending();

  /**
   * Whether the transport should go on reading. False while so much waits to be sent that more
   * input would only add to it; it changes in {@link #sent} and {@link #timeout}.
   */
  boolean wantsInput();

  /**
   * In how many nanoseconds {@link #timeout} is due: 0 for now, {@link Long#MAX_VALUE} for never.
   */
  long nanosUntilTimeout(long now);

  /** Time has passed. Raises what is due; does nothing if nothing is. */
  void timeout(long now);

  /**
   * Whether the wire has ended. What still waits may be sent; then the connection is to be ended.
   */
  boolean isClosed();

  /**
   * Sets what to run when a verb was called outside of the transport's calls, so that there is
   * something to send or to do: the transport then goes once through its loop. It is run by the
   * thread that called the verb, inside the verb.
   */
  void onWork(Runnable run);

  /**
   * What may be called instead of this from now on: a layer that changes nothing any more names the
   * transport below it, and can then be forgotten. An adapter may ask after {@link #receive}.
   */
  default Transport successor() {
    return this;
  }
}
