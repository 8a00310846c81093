package org.peerwire.extension.holepunch;

import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.peerwire.PeerAddress;
import org.peerwire.wire.Extension;

/**
 * {@code ut_holepunch} on one wire (<a href="https://www.bittorrent.org/beps/bep_0055.html">BEP
 * 55</a>).
 *
 * <pre>
 *   initiator --rendezvous(target)--&gt; relay           the relay is connected to both
 *   initiator &lt;--connect(target)----- relay --connect(initiator)--&gt; target
 *   initiator &lt;-------------- uTP, both at once --------------&gt; target
 * </pre>
 *
 * <p>Nothing here opens a connection. What can't be read is ignored, as the specification wants.
 */
public final class UtHolepunch extends Extension {
  /** How many of our own rendezvous are remembered. */
  private static final int MAX_PENDING = 16;

  /** How many rendezvous a minute a peer may ask for: each makes us speak to someone else. */
  private static final int RELAYED_PER_MINUTE = 10;

  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

  private final Listener listener;
  private final Set<PeerAddress> pending = new LinkedHashSet<>();
  private int relayed;
  private long relayedSince;

  /** Hears of the peer's messages. */
  public interface Listener {
    /** The relay brings us together with a peer for which we had asked: call it now. */
    void onConnect(UtHolepunch relay, PeerAddress target);

    /** The relay can't help to reach a peer for which we had asked. */
    default void onError(UtHolepunch relay, PeerAddress target, HolepunchError error) {}

    /**
     * Someone wants to be called, says the relay; we had not asked. Whoever calls lets any relay
     * point it at any victim, so by default nothing happens.
     */
    default void onUnsolicitedConnect(UtHolepunch relay, PeerAddress initiator) {}

    /**
     * The peer wants us to be the relay. To do so, send {@link UtHolepunch#connect} both ways: to
     * this peer with the target's address, and on the target's wire with this peer's.
     *
     * @return null if that was done, or why it can't be. By default we are no relay
     */
    default @Nullable HolepunchError onRendezvous(UtHolepunch initiator, PeerAddress target) {
      return HolepunchError.NOT_CONNECTED;
    }
  }

  /** Tells {@code listener} what the peer says. */
  public UtHolepunch(Listener listener) {
    super("ut_holepunch");
    this.listener = listener;
  }

  /**
   * Asks this wire's peer to bring us together with another one.
   *
   * @return whether it was sent; not if the peer does not speak the extension, or too many are
   *     pending
   */
  public boolean rendezvous(PeerAddress target) {
    return (pending.contains(target) || pending.size() < MAX_PENDING)
        && send(HolepunchMessage.Type.RENDEZVOUS, target, 0)
        && (pending.contains(target) || pending.add(target));
  }

  /**
   * As the relay: tells this wire's peer to call another one.
   *
   * @return whether it was sent; not if the peer does not speak the extension, which is {@link
   *     HolepunchError#NO_SUPPORT} to the other one
   */
  public boolean connect(PeerAddress other) {
    return send(HolepunchMessage.Type.CONNECT, other, 0);
  }

  @Override
  protected void onMessage(ByteBuffer payload) {
    HolepunchMessage message = HolepunchMessage.read(payload);
    if (message == null) {
      return;
    }
    PeerAddress address = message.address();
    switch (message.type()) {
      case RENDEZVOUS -> relay(address);
      case CONNECT -> {
        if (pending.remove(address)) {
          listener.onConnect(this, address);
        } else {
          listener.onUnsolicitedConnect(this, address);
        }
      }
      case ERROR -> {
        HolepunchError error = HolepunchError.of(message.error());
        if (pending.remove(address) && error != null) {
          listener.onError(this, address, error);
        }
      }
    }
  }

  private void relay(PeerAddress target) {
    // Who does not listen for the answer gets none.
    if (!isSupported() || isFlood()) {
      return;
    }
    HolepunchError error = listener.onRendezvous(this, target);
    if (error != null) {
      send(HolepunchMessage.Type.ERROR, target, error.code());
    }
  }

  private boolean isFlood() {
    long now = now();
    if (relayed == 0 || now - relayedSince > MINUTE) {
      relayed = 0;
      relayedSince = now;
    }
    return relayed == RELAYED_PER_MINUTE || ++relayed == 0;
  }

  private boolean send(HolepunchMessage.Type type, PeerAddress address, int error) {
    return send(new HolepunchMessage(type, address, error).write());
  }
}
