package org.peerwire.wire;

/** How a request ended. Each request that was sent ends in exactly one of these. */
public enum RequestOutcome {
  /** The block came. */
  BLOCK,
  /** The peer rejected the request, or answered it with a block of another length. */
  REJECTED,
  /** The peer choked us, which without the fast extension drops every request. */
  CHOKED,
  /** We cancelled it. */
  CANCELLED,
  /** It stood at the head of the queue for longer than the request timeout. */
  TIMED_OUT,
  /** The wire closed. */
  CLOSED
}
