package org.peerwire.bench;

import java.nio.ByteBuffer;
import org.peerwire.HashRange;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.frame.FrameSink;

/** The least that a reader of messages can do: look at every field. */
final class CountingSink implements FrameSink {
  long sum;

  @Override
  public void infoHash(long reserved, InfoHash infoHash) {
    sum += reserved;
  }

  @Override
  public void peerId(PeerId peerId) {
    sum++;
  }

  @Override
  public void keepAlive() {
    sum++;
  }

  @Override
  public void choke() {
    sum++;
  }

  @Override
  public void unchoke() {
    sum++;
  }

  @Override
  public void interested() {
    sum++;
  }

  @Override
  public void notInterested() {
    sum++;
  }

  @Override
  public void have(int piece) {
    sum += piece;
  }

  @Override
  public void bitfield(ByteBuffer bits) {
    sum += bits.remaining();
  }

  @Override
  public void request(int piece, int begin, int length) {
    sum += piece + begin + length;
  }

  @Override
  public void piece(int piece, int begin, int length) {
    sum += piece + begin + length;
  }

  @Override
  public void cancel(int piece, int begin, int length) {
    sum += piece + begin + length;
  }

  @Override
  public void port(int port) {
    sum += port;
  }

  @Override
  public void suggestPiece(int piece) {
    sum += piece;
  }

  @Override
  public void haveAll() {
    sum++;
  }

  @Override
  public void haveNone() {
    sum++;
  }

  @Override
  public void rejectRequest(int piece, int begin, int length) {
    sum += piece + begin + length;
  }

  @Override
  public void allowedFast(int piece) {
    sum += piece;
  }

  @Override
  public void extended(int extendedId, ByteBuffer payload) {
    sum += extendedId + payload.remaining();
  }

  @Override
  public void hashRequest(HashRange range) {
    sum++;
  }

  @Override
  public void hashes(HashRange range, ByteBuffer hashes) {
    sum += hashes.remaining();
  }

  @Override
  public void hashReject(HashRange range) {
    sum++;
  }

  @Override
  public void unknown(int id, int length) {
    sum += id + length;
  }

  @Override
  public void bytes(ByteBuffer part) {
    sum += part.remaining();
  }
}
