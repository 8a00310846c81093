package org.peerwire.wire;

import org.peerwire.Block;

/** The future of a request ends with this when no block came. */
public final class RequestFailedException extends Exception {
  private static final long serialVersionUID = 1;

  private final RequestOutcome outcome;

  RequestFailedException(RequestOutcome outcome, Block block) {
    super("the request for " + block + " ended: " + outcome);
    this.outcome = outcome;
  }

  /** How the request ended; never {@link RequestOutcome#BLOCK}. */
  public RequestOutcome outcome() {
    return outcome;
  }
}
