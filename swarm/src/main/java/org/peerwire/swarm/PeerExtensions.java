package org.peerwire.swarm;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.peerwire.IpAddress;
import org.peerwire.PeerAddress;
import org.peerwire.extension.ExtensionHandshake;
import org.peerwire.extension.donthave.DontHave;
import org.peerwire.extension.metadata.UtMetadata;
import org.peerwire.extension.pex.PexPeer;
import org.peerwire.extension.pex.UtPex;
import org.peerwire.extension.uploadonly.UploadOnly;
import org.peerwire.swarm.dial.Outcome;
import org.peerwire.swarm.dial.PeerSource;
import org.peerwire.wire.PeerWire;

/** What the wire of one peer speaks beside the base protocol, and what came of it. */
final class PeerExtensions {
  private final Swarm swarm;
  private final PeerState peer;

  /** Serves the info dictionary. */
  final UtMetadata metadata;

  final DontHave dontHave;
  final UploadOnly uploadOnly;

  /** Where it listens: where we called it, or what it told. Null if that is not known. */
  private @Nullable PeerAddress listens;

  PeerExtensions(Swarm swarm, PeerState peer) {
    this.swarm = swarm;
    this.peer = peer;
    PeerWire wire = peer.wire();
    wire.extensionHandshake(aboutUs());
    metadata = wire.use(new UtMetadata());
    dontHave = wire.use(new DontHave((from, piece) -> swarm.hasNot(peer, piece)));
    uploadOnly = wire.use(new UploadOnly((from, value) -> swarm.wantsNothing(peer)));
    uploadOnly.uploadOnly(swarm.isComplete());
    if (swarm.options.peerExchange()) {
      UtPex pex = new UtPex(swarm.contacts, peer.address.ip(), this::told);
      if (peer.outgoing) {
        pex.peerListens(peer.address);
      }
      wire.use(pex);
    }
  }

  private ExtensionHandshake aboutUs() {
    SwarmOptions options = swarm.options;
    ExtensionHandshake.Builder us = ExtensionHandshake.builder().yourip(peer.address.ip());
    String client = options.client();
    if (client != null) {
      us.v(client);
    }
    if (options.listenPort() > 0) {
      us.p(options.listenPort());
    }
    if (options.prefersEncryption()) {
      us.e(true);
    }
    return us.build();
  }

  /** Where the peer listens, if that is known. */
  @Nullable PeerAddress listens() {
    return listens;
  }

  /** Both have shaken hands. */
  void joined() {
    if (peer.outgoing) {
      listens = peer.address;
      tellOthers();
    }
  }

  /** The peer told something. */
  void heard(ExtensionHandshake handshake) {
    IpAddress yourip = handshake.yourip();
    if (yourip != null) {
      swarm.candidates.ourAddressSeen(yourip, peer.address.ip());
    }
    Integer port = handshake.p();
    if (port != null && listens == null) {
      PeerAddress address = new PeerAddress(peer.address.ip(), port);
      listens = address;
      swarm.candidates.met(address);
    }
    tellOthers();
  }

  /** Tells other peers about this one, or that it became a seed. */
  void tellOthers() {
    PeerAddress address = listens;
    ExtensionHandshake told = peer.wire().peerExtensions();
    if (address == null || !peer.isUp()) {
      return;
    }
    int flags = peer.outgoing ? PexPeer.REACHABLE : 0;
    if (wantsNothing()) {
      flags |= PexPeer.SEED;
    }
    if (told != null && Boolean.TRUE.equals(told.e())) {
      flags |= PexPeer.ENCRYPTION;
    }
    if (told != null && told.id("ut_holepunch") != 0) {
      flags |= PexPeer.HOLEPUNCH;
    }
    swarm.contacts.add(address, flags);
  }

  /** Whether it downloads nothing. */
  boolean wantsNothing() {
    return peer.has.isFull() || uploadOnly.isPeerUploadOnly();
  }

  /** The peer is gone. */
  void gone(Outcome outcome) {
    PeerAddress address = listens;
    if (address != null) {
      swarm.contacts.remove(address);
      if (!peer.outgoing) {
        swarm.candidates.left(address, outcome, swarm.now());
      }
    }
  }

  private void told(UtPex from, List<PexPeer> added, List<PeerAddress> dropped) {
    PeerSource source = PeerSource.pex(peer.address);
    for (PexPeer each : added) {
      swarm.addCandidate(each.address(), source);
    }
  }
}
