package org.peerwire.swarm.metainfo;

/** A torrent or a magnet link that is not accepted. */
public final class MetainfoException extends Exception {
  private static final long serialVersionUID = 1L;

  private final MetainfoFault fault;
  private final String message;

  MetainfoException(MetainfoFault fault) {
    this.fault = fault;
    this.message = fault.sentence();
  }

  MetainfoException(MetainfoFault fault, String detail) {
    this.fault = fault;
    this.message = fault.sentence() + ": " + detail;
  }

  /** What is wrong. */
  public MetainfoFault fault() {
    return fault;
  }

  /** What is wrong, as one clause for a person: safe to be shown, on one line. */
  @Override
  public String getMessage() {
    return message;
  }
}
