package org.peerwire.flow;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.peerwire.wire.CloseCause;

/** A wire ended otherwise than by {@code close} or by the peer's end between two messages. */
public final class WireEndedException extends IOException {
  private static final long serialVersionUID = 1;

  private final transient CloseCause closeCause;

  WireEndedException(CloseCause closeCause, @Nullable Throwable cause) {
    super(closeCause.toString(), cause);
    this.closeCause = closeCause;
  }

  /** How the wire ended. */
  public CloseCause closeCause() {
    return closeCause;
  }
}
