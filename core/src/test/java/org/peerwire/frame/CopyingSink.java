package org.peerwire.frame;

import java.nio.ByteBuffer;
import org.peerwire.HashRange;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;

/** Passes every call on, and copies the bytes that the next sink would keep by reference. */
class CopyingSink implements FrameSink {
  private final FrameSink next;

  CopyingSink(FrameSink next) {
    this.next = next;
  }

  @Override
  public void infoHash(long reserved, InfoHash infoHash) {
    next.infoHash(reserved, infoHash);
  }

  @Override
  public void peerId(PeerId peerId) {
    next.peerId(peerId);
  }

  @Override
  public void keepAlive() {
    next.keepAlive();
  }

  @Override
  public void choke() {
    next.choke();
  }

  @Override
  public void unchoke() {
    next.unchoke();
  }

  @Override
  public void interested() {
    next.interested();
  }

  @Override
  public void notInterested() {
    next.notInterested();
  }

  @Override
  public void have(int piece) {
    next.have(piece);
  }

  @Override
  public void bitfield(ByteBuffer bits) {
    next.bitfield(bits);
  }

  @Override
  public void request(int piece, int begin, int length) {
    next.request(piece, begin, length);
  }

  @Override
  public void piece(int piece, int begin, int length) {
    next.piece(piece, begin, length);
  }

  @Override
  public void cancel(int piece, int begin, int length) {
    next.cancel(piece, begin, length);
  }

  @Override
  public void port(int port) {
    next.port(port);
  }

  @Override
  public void suggestPiece(int piece) {
    next.suggestPiece(piece);
  }

  @Override
  public void haveAll() {
    next.haveAll();
  }

  @Override
  public void haveNone() {
    next.haveNone();
  }

  @Override
  public void rejectRequest(int piece, int begin, int length) {
    next.rejectRequest(piece, begin, length);
  }

  @Override
  public void allowedFast(int piece) {
    next.allowedFast(piece);
  }

  @Override
  public void extended(int extendedId, ByteBuffer payload) {
    next.extended(extendedId, payload);
  }

  @Override
  public void hashRequest(HashRange range) {
    next.hashRequest(range);
  }

  @Override
  public void hashes(HashRange range, ByteBuffer hashes) {
    next.hashes(range, hashes);
  }

  @Override
  public void hashReject(HashRange range) {
    next.hashReject(range);
  }

  @Override
  public void unknown(int id, int length) {
    next.unknown(id, length);
  }

  @Override
  public void bytes(ByteBuffer part) {
    next.bytes(ByteBuffer.allocate(part.remaining()).put(part).flip());
  }
}
