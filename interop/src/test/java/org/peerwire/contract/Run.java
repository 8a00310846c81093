package org.peerwire.contract;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.peerwire.Handshake;
import org.peerwire.PieceSet;
import org.peerwire.testkit.EventRecorder;
import org.peerwire.wire.CloseCause;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;

/** One wire of ours that takes part in a script: what it does, and what it hears. */
final class Run implements PeerListener {
  private final EventRecorder events = new EventRecorder(this);
  private final CompletableFuture<CloseCause> closed = new CompletableFuture<>();
  private final PeerWire wire;

  Run(Script script) {
    wire = new PeerWire(events, script.options());
  }

  PeerWire wire() {
    return wire;
  }

  void awaitClose() {
    try {
      closed.get(30, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError("not closed, but raised " + events.take(), e);
    }
  }

  /** All that was raised. How a payload that is not known was cut is the transport's affair. */
  List<String> events() {
    List<String> lines = new ArrayList<>();
    for (String line : events.take()) {
      String[] words = line.split(" ", -1);
      if (words[0].equals("unknown") && !words[3].equals("0")) {
        int last = lines.size() - 1;
        lines.set(last, lines.get(last) + words[4]);
      } else {
        lines.add(line);
      }
    }
    return lines;
  }

  @Override
  public void onHandshake(PeerWire it, Handshake handshake) {
    it.handshake(Script.TORRENT, Script.OURS);
    it.layout(Script.LAYOUT);
    PieceSet all = new PieceSet(Script.LAYOUT.pieceCount());
    all.addAll();
    it.bitfield(all);
  }

  @Override
  public void onInterested(PeerWire it) {
    it.unchoke();
  }

  @Override
  public void onUnchoke(PeerWire it) {
    if (it.requestCount() == 0) {
      it.request(
          Script.WANTED.piece(), Script.WANTED.begin(), Script.WANTED.length(), events.callback());
    }
  }

  @Override
  public void onRequest(PeerWire it, int piece, int begin, int length) {
    it.respond(piece, begin, ByteBuffer.allocate(length));
  }

  @Override
  public void onHave(PeerWire it, int piece) {
    if (piece == Script.LAST_PIECE) {
      it.close();
    }
  }

  @Override
  public void onClose(PeerWire it, CloseCause cause) {
    closed.complete(cause);
  }
}
