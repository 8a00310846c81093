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
  private final int id;
  private final String context;

  /**
   * @param id of the message, or -1 if it was not looked at
   */
  FrameException(Violation violation, String detail, int id, String context) {
    // No stack trace: a hostile peer decides how often this is made.
    super(violation + ": " + detail, null, false, false);
    this.violation = violation;
    this.detail = detail;
    this.id = id;
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

  int id() {
    return id;
  }

  /** The first bytes of the message that are at hand, at most 64, as hexadecimal digits. */
  public String context() {
    return context;
  }
}
