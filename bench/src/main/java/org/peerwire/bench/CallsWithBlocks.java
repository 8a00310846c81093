package org.peerwire.bench;

import java.nio.ByteBuffer;
import org.peerwire.HashRange;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.frame.FrameSink;

/**
 * For libraries that make one message of a block and its head, and have no words for what the
 * streams do not hold.
 */
abstract class CallsWithBlocks implements FrameSink {
  private int piece;
  private int begin;

  abstract void block(int piece, int begin, ByteBuffer block);

  @Override
  public void piece(int index, int offset, int length) {
    piece = index;
    begin = offset;
  }

  @Override
  public void bytes(ByteBuffer part) {
    block(piece, begin, part);
  }

  @Override
  public void infoHash(long reserved, InfoHash infoHash) {
    throw none();
  }

  @Override
  public void peerId(PeerId peerId) {
    throw none();
  }

  @Override
  public void interested() {
    throw none();
  }

  @Override
  public void notInterested() {
    throw none();
  }

  @Override
  public void bitfield(ByteBuffer bits) {
    throw none();
  }

  @Override
  public void port(int port) {
    throw none();
  }

  @Override
  public void suggestPiece(int index) {
    throw none();
  }

  @Override
  public void haveAll() {
    throw none();
  }

  @Override
  public void haveNone() {
    throw none();
  }

  @Override
  public void rejectRequest(int index, int offset, int length) {
    throw none();
  }

  @Override
  public void allowedFast(int index) {
    throw none();
  }

  @Override
  public void hashRequest(HashRange range) {
    throw none();
  }

  @Override
  public void hashes(HashRange range, ByteBuffer hashes) {
    throw none();
  }

  @Override
  public void hashReject(HashRange range) {
    throw none();
  }

  @Override
  public void unknown(int id, int length) {
    throw none();
  }

  private static IllegalStateException none() {
    return new IllegalStateException("the streams hold no such message");
  }
}
