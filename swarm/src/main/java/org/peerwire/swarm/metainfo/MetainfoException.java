package org.peerwire.swarm.metainfo;

/**
 * A torrent or a magnet link that is not accepted. The message is one clause for a person, safe to
 * be shown.
 */
public final class MetainfoException extends Exception {
  private static final long serialVersionUID = 1L;

  private final MetainfoFault fault;

  MetainfoException(MetainfoFault fault) {
    super(fault.sentence());
    this.fault = fault;
  }

  MetainfoException(MetainfoFault fault, String detail) {
    super(fault.sentence() + ": " + detail);
    this.fault = fault;
  }

  /** What is wrong. */
  public MetainfoFault fault() {
    return fault;
  }
}
