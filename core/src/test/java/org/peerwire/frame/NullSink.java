package org.peerwire.frame;

import java.nio.ByteBuffer;
import org.peerwire.HashRange;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;

/** Counts calls, and adds up the numbers so that they are really read. */
final class NullSink implements FrameSink {
  long calls;
  long sum;

  @Override
  public void infoHash(long reserved, InfoHash infoHash) {
    calls++;
  }

  @Override
  public void peerId(PeerId peerId) {
    calls++;
  }

  @Override
  public void keepAlive() {
    calls++;
  }

  @Override
  public void choke() {
    calls++;
  }

  @Override
  public void unchoke() {
    calls++;
  }

  @Override
  public void interested() {
    calls++;
  }

  @Override
  public void notInterested() {
    calls++;
  }

  @Override
  public void have(int piece) {
    calls++;
    sum += piece;
  }

  @Override
  public void bitfield(ByteBuffer bits) {
    calls++;
    sum += bits.remaining();
  }

  @Override
  public void request(int piece, int begin, int length) {
    calls++;
    sum += piece + begin + length;
  }

  @Override
  public void piece(int piece, int begin, int length) {
    calls++;
    sum += piece + begin + length;
  }

  @Override
  public void cancel(int piece, int begin, int length) {
    calls++;
    sum += piece + begin + length;
  }

  @Override
  public void port(int port) {
    calls++;
    sum += port;
  }

  @Override
  public void suggestPiece(int piece) {
    calls++;
    sum += piece;
  }

  @Override
  public void haveAll() {
    calls++;
  }

  @Override
  public void haveNone() {
    calls++;
  }

  @Override
  public void rejectRequest(int piece, int begin, int length) {
    calls++;
    sum += piece + begin + length;
  }

  @Override
  public void allowedFast(int piece) {
    calls++;
    sum += piece;
  }

  @Override
  public void extended(int extendedId, ByteBuffer payload) {
    calls++;
    sum += extendedId + payload.remaining();
  }

  @Override
  public void hashRequest(HashRange range) {
    calls++;
  }

  @Override
  public void hashes(HashRange range, ByteBuffer hashes) {
    calls++;
    sum += hashes.remaining();
  }

  @Override
  public void hashReject(HashRange range) {
    calls++;
  }

  @Override
  public void unknown(int id, int length) {
    calls++;
    sum += id + length;
  }

  @Override
  public void bytes(ByteBuffer part) {
    sum += part.remaining();
  }
}
