package org.peerwire.frame;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.peerwire.Handshake;
import org.peerwire.HashRange;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;

/**
 * Makes a {@link Message} of each call. For tools and tests: it copies, and it collects a block or
 * an unknown payload whole.
 */
public final class MessageSink implements FrameSink {
  private final Consumer<? super Message> consumer;

  private long reserved;
  private @Nullable InfoHash infoHash;
  private int pieceOrId;
  private int begin;
  private final ByteArrayOutputStream collected = new ByteArrayOutputStream();
  private int missing;
  private boolean unknown;

  /**
   * A sink that hands each message to {@code consumer} when it is whole.
   *
   * @param consumer called by the thread that calls this sink
   */
  public MessageSink(Consumer<? super Message> consumer) {
    this.consumer = consumer;
  }

  @Override
  public void infoHash(long reservedBits, InfoHash hash) {
    reserved = reservedBits;
    infoHash = hash;
  }

  @Override
  public void peerId(PeerId peerId) {
    InfoHash hash = infoHash;
    if (hash == null) {
      throw new IllegalStateException("a peer id without an info-hash");
    }
    consumer.accept(new Message.Handshake(new Handshake(reserved, hash, peerId)));
  }

  @Override
  public void keepAlive() {
    consumer.accept(new Message.KeepAlive());
  }

  @Override
  public void choke() {
    consumer.accept(new Message.Choke());
  }

  @Override
  public void unchoke() {
    consumer.accept(new Message.Unchoke());
  }

  @Override
  public void interested() {
    consumer.accept(new Message.Interested());
  }

  @Override
  public void notInterested() {
    consumer.accept(new Message.NotInterested());
  }

  @Override
  public void have(int piece) {
    consumer.accept(new Message.Have(piece));
  }

  @Override
  public void bitfield(ByteBuffer bits) {
    consumer.accept(new Message.Bitfield(bits));
  }

  @Override
  public void request(int piece, int offset, int length) {
    consumer.accept(new Message.Request(piece, offset, length));
  }

  @Override
  public void piece(int piece, int offset, int length) {
    begin = offset;
    collect(piece, length, false);
  }

  @Override
  public void cancel(int piece, int offset, int length) {
    consumer.accept(new Message.Cancel(piece, offset, length));
  }

  @Override
  public void port(int port) {
    consumer.accept(new Message.Port(port));
  }

  @Override
  public void suggestPiece(int piece) {
    consumer.accept(new Message.SuggestPiece(piece));
  }

  @Override
  public void haveAll() {
    consumer.accept(new Message.HaveAll());
  }

  @Override
  public void haveNone() {
    consumer.accept(new Message.HaveNone());
  }

  @Override
  public void rejectRequest(int piece, int offset, int length) {
    consumer.accept(new Message.RejectRequest(piece, offset, length));
  }

  @Override
  public void allowedFast(int piece) {
    consumer.accept(new Message.AllowedFast(piece));
  }

  @Override
  public void extended(int extendedId, ByteBuffer payload) {
    consumer.accept(new Message.Extended(extendedId, payload));
  }

  @Override
  public void hashRequest(HashRange range) {
    consumer.accept(new Message.HashRequest(range));
  }

  @Override
  public void hashes(HashRange range, ByteBuffer hashes) {
    consumer.accept(new Message.Hashes(range, hashes));
  }

  @Override
  public void hashReject(HashRange range) {
    consumer.accept(new Message.HashReject(range));
  }

  @Override
  public void unknown(int id, int length) {
    collect(id, length, true);
  }

  @Override
  public void bytes(ByteBuffer part) {
    byte[] copy = new byte[part.remaining()];
    part.duplicate().get(copy);
    collected.writeBytes(copy);
    missing -= copy.length;
    finish();
  }

  private void collect(int number, int length, boolean ofUnknown) {
    pieceOrId = number;
    missing = length;
    unknown = ofUnknown;
    finish();
  }

  private void finish() {
    if (missing == 0) {
      ByteBuffer whole = ByteBuffer.wrap(collected.toByteArray());
      collected.reset();
      consumer.accept(
          unknown
              ? new Message.Unknown(pieceOrId, whole)
              : new Message.Piece(pieceOrId, begin, whole));
    }
  }
}
