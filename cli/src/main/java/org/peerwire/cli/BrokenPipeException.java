package org.peerwire.cli;

/** Nobody reads standard output any more; the command ends without another word. */
final class BrokenPipeException extends RuntimeException {
  private static final long serialVersionUID = 1;

  BrokenPipeException() {
    super("standard output is closed", null, false, false);
  }
}
