package org.peerwire.frame;

import org.peerwire.Violation;

/**
 * The bytes are not a frame that may be read. Nothing after them can be read either: where the next
 * one begins is lost.
 */
public final class FrameException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final Violation violation;
  private final String detail;
  private final String context;

  FrameException(Violation violation, String detail, String context) {
    // No stack trace: a hostile peer decides how often this is made.
    super(violation + ": " + detail, null, false, false);
    this.violation = violation;
    this.detail = detail;
    this.context = context;
  }

  /** Which rule. */
  public Violation violation() {
    return violation;
  }

  /** What was seen. */
  public String detail() {
    return detail;
  }

  /** The first bytes of the message that are at hand, at most 64, as hexadecimal digits. */
  public String context() {
    return context;
  }
}
