package org.peerwire.netty;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.peerwire.Handshake;
import org.peerwire.wire.CloseCause;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;

/** Writes down what a wire raises. */
class Log implements PeerListener {
  final List<String> events = new CopyOnWriteArrayList<>();
  volatile boolean drained;

  @Override
  public void onHandshake(PeerWire wire, Handshake handshake) {
    events.add("handshake");
  }

  @Override
  public void onHave(PeerWire wire, int piece) {
    events.add("have " + piece);
  }

  @Override
  public void onUnchoke(PeerWire wire) {
    events.add("unchoke");
  }

  @Override
  public void onInterested(PeerWire wire) {
    events.add("interested");
  }

  @Override
  public void onRequest(PeerWire wire, int piece, int begin, int length) {
    events.add("request " + piece + " " + begin + " " + length);
  }

  @Override
  public void onPiece(PeerWire wire, int piece, int begin, ByteBuffer block) {
    events.add("piece " + piece + " " + begin + " " + block.remaining());
  }

  @Override
  public void onUpload(PeerWire wire, int bytes) {
    events.add("upload " + bytes);
  }

  @Override
  public void onDrained(PeerWire wire) {
    drained = true;
  }

  @Override
  public void onClose(PeerWire wire, CloseCause cause) {
    events.add("close: " + cause);
  }
}
