package org.peerwire.wire;

import org.peerwire.ViolationReport;

/** How a wire ended: a closed set. {@code toString} is one line for a person. */
public sealed interface CloseCause {
  /** We closed it, by {@link PeerWire#close}. */
  record ByUs() implements CloseCause {
    @Override
    public String toString() {
      return "closed by us";
    }
  }

  /** The peer ended its output between two messages. */
  record ByPeer() implements CloseCause {
    @Override
    public String toString() {
      return "closed by the peer";
    }
  }

  /**
   * The peer's output ended inside a message.
   *
   * @param missing how many more bytes were needed at least
   */
  record CutInFrame(int missing) implements CloseCause {
    @Override
    public String toString() {
      return "cut inside a message, at least " + missing + " bytes short";
    }
  }

  /** The peer broke a rule and the wire closed on it. */
  record Violated(ViolationReport report) implements CloseCause {
    @Override
    public String toString() {
      return report.toString();
    }
  }

  /** The peer was too slow. */
  record TimedOut(Timeout timeout) implements CloseCause {
    @Override
    public String toString() {
      return timeout + ": " + timeout.sentence();
    }
  }

  /**
   * The transport failed under the wire.
   *
   * @param message what it said
   */
  record TransportFailed(String message) implements CloseCause {
    @Override
    public String toString() {
      return "the connection failed: " + message;
    }
  }

  /** The application's listener or callback threw. */
  record ListenerFailed(Throwable exception) implements CloseCause {
    @Override
    public String toString() {
      return "a listener failed: " + exception;
    }
  }
}
