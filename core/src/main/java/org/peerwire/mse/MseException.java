package org.peerwire.mse;

import org.peerwire.Violation;

/** The peer broke a rule of the encrypted handshake. */
final class MseException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final Violation violation;
  private final String detail;

  MseException(Violation violation, String detail) {
    // No stack trace: a hostile peer decides how often this is made.
    super(violation + ": " + detail, null, false, false);
    this.violation = violation;
    this.detail = detail;
  }

  Violation violation() {
    return violation;
  }

  String detail() {
    return detail;
  }
}
