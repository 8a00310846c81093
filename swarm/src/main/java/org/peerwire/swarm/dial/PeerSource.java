package org.peerwire.swarm.dial;

import org.jspecify.annotations.Nullable;
import org.peerwire.IpAddress;
import org.peerwire.PeerAddress;

/**
 * Who told an address. What one source tells is bounded, so it has a name.
 *
 * @param kind which way it came
 * @param name tells sources of a kind apart, such as the tracker's URL
 * @param at where the source is, if that is known: it is believed about addresses of its own scope
 *     (this machine, a private network) and about global ones; an unknown one only about the latter
 * @param trusted whether it is believed about addresses of any machine
 */
public record PeerSource(Kind kind, String name, @Nullable IpAddress at, boolean trusted) {
  /** The user: believed, dialled again and again, and not held up by any limit. */
  public static final PeerSource USER = new PeerSource(Kind.USER, "", null, true);

  /** The ways on which addresses come. */
  public enum Kind {
    /** Named by the user. */
    USER,
    /** Told by a tracker. */
    TRACKER,
    /** Heard on the local network. */
    LOCAL,
    /** Told by another peer. */
    PEX
  }

  /**
   * A tracker.
   *
   * @param url tells trackers apart
   * @param at the address from which it answered; null if that is not known
   * @param named whether the user named it, so that it is trusted
   */
  public static PeerSource tracker(String url, @Nullable IpAddress at, boolean named) {
    return new PeerSource(Kind.TRACKER, url, at, named);
  }

  /** A peer that was heard on the local network, at its own address. */
  public static PeerSource local(IpAddress at) {
    return new PeerSource(Kind.LOCAL, at.toString(), at, false);
  }

  /** Another peer. One machine is one source, whatever its port; on this machine a port is. */
  public static PeerSource pex(PeerAddress teller) {
    IpAddress ip = teller.ip();
    String name = Admission.isLoopback(ip) ? teller.toString() : ip.toString();
    return new PeerSource(Kind.PEX, name, ip, false);
  }

  boolean isUser() {
    return kind == Kind.USER;
  }

  boolean isLocal() {
    return kind == Kind.LOCAL;
  }

  boolean isPex() {
    return kind == Kind.PEX;
  }
}
