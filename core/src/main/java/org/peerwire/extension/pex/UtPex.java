package org.peerwire.extension.pex;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.peerwire.IpAddress;
import org.peerwire.IpScope;
import org.peerwire.PeerAddress;
import org.peerwire.Violation;
import org.peerwire.bencode.Bencode;
import org.peerwire.bencode.BencodeDict;
import org.peerwire.bencode.BencodeDocument;
import org.peerwire.bencode.BencodeException;
import org.peerwire.bencode.BencodeLimits;
import org.peerwire.bencode.BencodeMode;
import org.peerwire.extension.ExtensionHandshake;
import org.peerwire.wire.Extension;

/**
 * {@code ut_pex} on one wire, in both roles (<a
 * href="https://www.bittorrent.org/beps/bep_0011.html">BEP 11</a>). It tells the peer by itself how
 * {@link PexContacts} changed, at most once a minute, at most 50 added and 50 dropped at a time,
 * and never the peer's own address, nor one of a network that the peer is not in.
 *
 * <p>What the peer tells is a claim of a stranger. Only addresses that {@link PexFilter} lets
 * through are raised, at most {@value #MAX_REMEMBERED} at a time from one peer; nothing is called
 * by itself, and a caller does well to take no more than a quarter of its candidates from one
 * source.
 *
 * <p>A private torrent has no peer exchange: do not use it there, and {@link
 * org.peerwire.wire.PeerWire#disuse} it when metadata turns out to be private.
 */
public final class UtPex extends Extension {
  /** How many peers that the peer told and did not drop are remembered. */
  public static final int MAX_REMEMBERED = 200;

  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  /** How many messages may come at once: clients catch up after a pause. */
  private static final int BURST = 6;

  private static final int MAX_BYTES = 64 << 10;

  private final PexContacts contacts;
  private final @Nullable IpAddress peer;
  private final Listener listener;

  /** Whom the peer knows from us. */
  private final Set<PeerAddress> told = new LinkedHashSet<>();

  /** Whom we know from the peer. */
  private final Set<PeerAddress> known = new LinkedHashSet<>();

  private @Nullable PeerAddress peerListens;
  private boolean attached;

  private boolean paused;
  private long pausedUntil;
  private int version = -1;

  private boolean counting;
  private int allowance = BURST;
  private long allowanceAt;

  /** Hears what the peer tells. */
  @FunctionalInterface
  public interface Listener {
    /**
     * The peer is connected to these now, or not any more.
     *
     * @param added those that {@link PexFilter} let through and that the peer had not told before
     * @param dropped of those raised before
     */
    void onPeers(UtPex source, List<PexPeer> added, List<PeerAddress> dropped);
  }

  /**
   * Peer exchange with one peer.
   *
   * @param contacts the torrent's, the same one for all its wires
   * @param peer the address of the peer; null if it is not known, as behind a proxy: then it is not
   *     believed what it says about private networks
   * @param listener hears what the peer tells
   */
  public UtPex(PexContacts contacts, @Nullable IpAddress peer, Listener listener) {
    super("ut_pex");
    this.contacts = contacts;
    this.peer = peer;
    this.listener = listener;
  }

  /**
   * Where the peer listens, as far as known: from {@link #peerListens(PeerAddress)}, else from
   * {@code p} of its extension handshake.
   */
  public @Nullable PeerAddress peerListens() {
    return peerListens;
  }

  /** We called the peer there, so that it listens there; not every client repeats it. */
  public void peerListens(PeerAddress address) {
    peerListens = address;
  }

  @Override
  protected void onHandshake(ExtensionHandshake handshake) {
    Integer port = handshake.p();
    if (peer != null && port != null && peerListens == null) {
      peerListens = new PeerAddress(peer, port);
    }
    if (!attached) {
      attached = true;
      contacts.attach(this);
    }
  }

  @Override
  protected long nanosUntilTimeout(long now) {
    if (!attached || !isEnabled() || !isSupported() || version == contacts.version()) {
      return Long.MAX_VALUE;
    }
    return paused ? Math.max(0, pausedUntil - now) : 0;
  }

  @Override
  protected void onTimeout(long now) {
    if (nanosUntilTimeout(now) > 0) {
      return;
    }
    paused = false;
    if (!hasRoom()) {
      pause(now, SECOND);
      return;
    }
    PexMessage message = change();
    if (message.added().isEmpty() && message.dropped().isEmpty()) {
      version = contacts.version();
      return;
    }
    // Whatever did not fit is told next time; until then the version stays an old one.
    if (send(ByteBuffer.wrap(message.write()))) {
      message.added().forEach(added -> told.add(added.address()));
      message.dropped().forEach(told::remove);
      pause(now, MINUTE);
    }
  }

  @Override
  protected void onClose() {
    contacts.detach(this);
  }

  @Override
  protected void onMessage(ByteBuffer payload) {
    if (isFlood(now())) {
      fail(Violation.PEX_FLOOD, "more than one a minute");
      return;
    }
    if (payload.remaining() > MAX_BYTES) {
      tolerates(Violation.PEX_MALFORMED, payload.remaining() + " bytes");
      return;
    }
    BencodeDocument document;
    try {
      document = Bencode.parsePrefix(payload, BencodeLimits.WIRE, BencodeMode.LENIENT);
    } catch (BencodeException e) {
      fail(Violation.PEX_MALFORMED, e.getMessage());
      return;
    }
    if (!(document.root() instanceof BencodeDict root)) {
      fail(Violation.PEX_MALFORMED, "not a dictionary");
      return;
    }
    PexMessage message = PexMessage.read(root);
    if (message.malformed() && !tolerates(Violation.PEX_MALFORMED, "a list of odd length")) {
      return;
    }
    learn(message);
  }

  void contactsChanged() {
    // While it may not speak, the end of the pause is what it waits for, and that is known.
    if (!paused && isEnabled() && isSupported()) {
      wake();
    }
  }

  private void pause(long now, long nanos) {
    paused = true;
    pausedUntil = now + nanos;
  }

  /** What there is to tell: the difference between the contacts and what was told. */
  private PexMessage change() {
    List<PeerAddress> dropped = new ArrayList<>();
    for (PeerAddress each : told) {
      if (dropped.size() < PexMessage.MAX && !contacts.contains(each)) {
        dropped.add(each);
      }
    }
    List<PexPeer> added = new ArrayList<>();
    for (Map.Entry<PeerAddress, Integer> each : contacts.map().entrySet()) {
      PeerAddress address = each.getKey();
      if (added.size() < PexMessage.MAX
          && !told.contains(address)
          && !address.equals(peerListens)
          && isReachableForPeer(address)) {
        added.add(new PexPeer(address, each.getValue()));
      }
    }
    return new PexMessage(added, dropped, false);
  }

  /** Who is on our network or machine is told only to those that are there too. */
  private boolean isReachableForPeer(PeerAddress contact) {
    return peer == null
        ? contact.ip().scope() == IpScope.GLOBAL
        : contact.ip().isCredibleFrom(peer);
  }

  private void learn(PexMessage message) {
    List<PexPeer> added = new ArrayList<>();
    for (PexPeer each : message.added()) {
      PeerAddress address = each.address();
      if (known.size() < MAX_REMEMBERED
          && !message.dropped().contains(address)
          && PexFilter.isCredible(address, peer)
          && PexFilter.isNews(address, known)) {
        known.add(address);
        added.add(each);
      }
    }
    List<PeerAddress> dropped = message.dropped().stream().filter(known::remove).toList();
    if (!added.isEmpty() || !dropped.isEmpty()) {
      listener.onPeers(this, added, dropped);
    }
  }

  private boolean isFlood(long now) {
    if (!counting) {
      counting = true;
      allowanceAt = now;
    }
    long minutes = (now - allowanceAt) / MINUTE;
    if (minutes > 0) {
      allowanceAt += minutes * MINUTE;
      allowance = (int) Math.min(BURST, allowance + minutes);
    }
    return --allowance < 0;
  }
}
