package org.peerwire.cli.probe;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.peerwire.Block;
import org.peerwire.Feature;
import org.peerwire.Handshake;
import org.peerwire.InfoHash;
import org.peerwire.PieceLayout;
import org.peerwire.PieceSet;
import org.peerwire.Pieces;
import org.peerwire.ViolationReport;
import org.peerwire.mse.MseTransport;
import org.peerwire.wire.CloseCause;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;

/**
 * Says as little as a polite peer can: handshake, extension handshake, that it has nothing, that it
 * is interested, and, if the layout of the torrent is known, a request for one block; and remembers
 * what the peer says, and when.
 */
final class Watcher implements PeerListener {
  private static final int MAX_VIOLATIONS = 20;

  private final Stopwatch clock;
  private final @Nullable PieceLayout layout;
  private final String version;
  private final MessageCounts messages;

  /** What lies under the wire, if anything does; set before the first byte. */
  @Nullable MseTransport layer;

  OptionalDouble agreed = OptionalDouble.empty();
  OptionalDouble handshaken = OptionalDouble.empty();
  OptionalDouble extended = OptionalDouble.empty();
  OptionalDouble told = OptionalDouble.empty();
  OptionalDouble unchoked = OptionalDouble.empty();
  OptionalDouble firstBlock = OptionalDouble.empty();
  int firstBlockLength;
  @Nullable InfoHash peerInfoHash;
  @Nullable Handshake peerHandshake;
  ProbeReport.@Nullable Have have;
  byte @Nullable [] extensionHandshake;
  final List<String> violations = new ArrayList<>();

  /** What is worth to be explained, each once. */
  final Set<String> notes = new LinkedHashSet<>();

  @Nullable CloseCause closeCause;
  private boolean requested;

  Watcher(Stopwatch clock, @Nullable PieceLayout layout, String version, MessageCounts messages) {
    this.clock = clock;
    this.layout = layout;
    this.version = version;
    this.messages = messages;
  }

  /** Whether nothing more is to be expected of a peer that does as it should. */
  boolean sawAll(PeerWire wire) {
    boolean extensions = extended.isPresent() || !wire.supports(Feature.EXTENSION_PROTOCOL);
    boolean block = layout == null ? unchoked.isPresent() : firstBlock.isPresent();
    return have != null && extensions && block;
  }

  /** Looks whether encryption was agreed on, which no event tells. */
  void look() {
    if (layer != null && layer.encryption() != null) {
      agreed = first(agreed);
    }
  }

  private OptionalDouble first(OptionalDouble before) {
    return before.isPresent() ? before : OptionalDouble.of(clock.seconds());
  }

  @Override
  public void onInfoHash(PeerWire peer, InfoHash hash, long reserved) {
    look();
    peerInfoHash = hash;
  }

  @Override
  public void onHandshake(PeerWire peer, Handshake handshake) {
    messages.heard("handshake");
    handshaken = first(handshaken);
    peerHandshake = handshake;
    if (peer.supports(Feature.FAST)) {
      // With it, a peer has to begin by saying what it has.
      peer.bitfield(new PieceSet(0));
    }
    if (peer.supports(Feature.EXTENSION_PROTOCOL)) {
      peer.extended(0, OwnExtensions.handshake(version));
    }
    peer.interested();
  }

  @Override
  public void onBitfield(PeerWire peer, Pieces pieces) {
    messages.heard(pieces.isFull() ? "have all" : pieces.isEmpty() ? "have none" : "bitfield");
    countHave(pieces);
  }

  @Override
  public void onKeepAlive(PeerWire peer) {
    messages.heard("keep alive");
  }

  @Override
  public void onChoke(PeerWire peer) {
    messages.heard("choke");
  }

  @Override
  public void onInterested(PeerWire peer) {
    messages.heard("interested");
  }

  @Override
  public void onNotInterested(PeerWire peer) {
    messages.heard("not interested");
  }

  @Override
  public void onSuggestPiece(PeerWire peer, int piece) {
    messages.heard("suggest piece");
  }

  @Override
  public void onAllowedFast(PeerWire peer, int piece) {
    messages.heard("allowed fast");
  }

  @Override
  public void onReject(PeerWire peer, int piece, int begin, int length) {
    messages.heard("reject");
  }

  @Override
  public void onPort(PeerWire peer, int port) {
    messages.heard("port");
  }

  @Override
  public void onHave(PeerWire peer, int piece) {
    messages.heard("have");
    countHave(peer.peerPieces());
  }

  private void countHave(Pieces pieces) {
    told = first(told);
    boolean all = pieces.isFull();
    have =
        new ProbeReport.Have(
            all && pieces.size() < 0 ? Integer.MAX_VALUE : pieces.count(),
            layout != null ? layout.pieceCount() : pieces.size());
  }

  @Override
  public void onUnchoke(PeerWire peer) {
    messages.heard("unchoke");
    unchoked = first(unchoked);
    int piece = peer.peerPieces().next(0);
    if (layout != null && !requested && piece >= 0) {
      requested = true;
      int length = Math.min(Block.LENGTH, layout.pieceLength(piece));
      peer.request(piece, 0, length, null);
    }
  }

  @Override
  public void onPiece(PeerWire peer, int piece, int begin, ByteBuffer block) {
    messages.heard("piece");
    if (firstBlock.isEmpty()) {
      firstBlock = OptionalDouble.of(clock.seconds());
      firstBlockLength = block.remaining();
    }
  }

  @Override
  public void onExtended(PeerWire peer, int extendedId, ByteBuffer payload) {
    messages.heard(MessageCounts.extended(extendedId));
    if (extendedId != 0) {
      if (OwnExtensions.name(extendedId) == null && notes.size() < MAX_VIOLATIONS) {
        notes.add(OwnExtensions.explain(extendedId, peer.peerExtensions()));
      }
    } else if (extensionHandshake == null) {
      extended = first(extended);
      byte[] shown = new byte[Math.min(Probe.EXTENSION_SHOWN, payload.remaining())];
      payload.get(shown);
      extensionHandshake = shown;
    }
  }

  @Override
  public void onUnknownMessage(PeerWire peer, int id, int length, int offset, ByteBuffer part) {
    if (offset == 0) {
      messages.heard("unknown (" + id + ")");
    }
  }

  @Override
  public void onViolation(PeerWire peer, ViolationReport report) {
    if (violations.size() < MAX_VIOLATIONS) {
      violations.add(report.toString());
    }
  }

  @Override
  public void onClose(PeerWire peer, CloseCause cause) {
    closeCause = cause;
  }
}
