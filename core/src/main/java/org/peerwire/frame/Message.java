package org.peerwire.frame;

import java.nio.ByteBuffer;
import org.peerwire.HashRange;

/**
 * A message as a value: what a {@link FrameSink} says in a call, for those who prefer to {@code
 * switch}. Buffers in it are read-only copies. Numbers are as in {@link FrameSink}.
 */
public sealed interface Message {
  /** Says the message to {@code sink}; a {@link FrameWriter} turns it into bytes. */
  void sayTo(FrameSink sink);

  /** A handshake; the only one without id and length. */
  record Handshake(org.peerwire.Handshake handshake) implements Message {
    @Override
    public void sayTo(FrameSink sink) {
      sink.infoHash(handshake.reserved(), handshake.infoHash());
      sink.peerId(handshake.peerId());
    }
  }

  /** A frame of length 0. */
  record KeepAlive() implements Message {
    @Override
    public void sayTo(FrameSink sink) {
      sink.keepAlive();
    }
  }

  /** {@link MessageId#CHOKE}. */
  record Choke() implements Message {
    @Override
    public void sayTo(FrameSink sink) {
      sink.choke();
    }
  }

  /** {@link MessageId#UNCHOKE}. */
  record Unchoke() implements Message {
    @Override
    public void sayTo(FrameSink sink) {
      sink.unchoke();
    }
  }

  /** {@link MessageId#INTERESTED}. */
  record Interested() implements Message {
    @Override
    public void sayTo(FrameSink sink) {
      sink.interested();
    }
  }

  /** {@link MessageId#NOT_INTERESTED}. */
  record NotInterested() implements Message {
    @Override
    public void sayTo(FrameSink sink) {
      sink.notInterested();
    }
  }

  /** {@link MessageId#HAVE}. */
  record Have(int piece) implements Message {
    @Override
    public void sayTo(FrameSink sink) {
      sink.have(piece);
    }
  }

  /** {@link MessageId#BITFIELD}. */
  record Bitfield(ByteBuffer bits) implements Message {
    /** Copies the buffer. */
    public Bitfield {
      bits = copy(bits);
    }

    @Override
    public void sayTo(FrameSink sink) {
      sink.bitfield(bits.duplicate());
    }
  }

  /** {@link MessageId#REQUEST}. */
  record Request(int piece, int begin, int length) implements Message {
    @Override
    public void sayTo(FrameSink sink) {
      sink.request(piece, begin, length);
    }
  }

  /** {@link MessageId#PIECE}. */
  record Piece(int piece, int begin, ByteBuffer block) implements Message {
    /** Copies the buffer. */
    public Piece {
      block = copy(block);
    }

    @Override
    public void sayTo(FrameSink sink) {
      sink.piece(piece, begin, block.remaining());
      sayBytes(sink, block);
    }
  }

  /** {@link MessageId#CANCEL}. */
  record Cancel(int piece, int begin, int length) implements Message {
    @Override
    public void sayTo(FrameSink sink) {
      sink.cancel(piece, begin, length);
    }
  }

  /** {@link MessageId#PORT}. */
  record Port(int port) implements Message {
    @Override
    public void sayTo(FrameSink sink) {
      sink.port(port);
    }
  }

  /** {@link MessageId#SUGGEST_PIECE}. */
  record SuggestPiece(int piece) implements Message {
    @Override
    public void sayTo(FrameSink sink) {
      sink.suggestPiece(piece);
    }
  }

  /** {@link MessageId#HAVE_ALL}. */
  record HaveAll() implements Message {
    @Override
    public void sayTo(FrameSink sink) {
      sink.haveAll();
    }
  }

  /** {@link MessageId#HAVE_NONE}. */
  record HaveNone() implements Message {
    @Override
    public void sayTo(FrameSink sink) {
      sink.haveNone();
    }
  }

  /** {@link MessageId#REJECT_REQUEST}. */
  record RejectRequest(int piece, int begin, int length) implements Message {
    @Override
    public void sayTo(FrameSink sink) {
      sink.rejectRequest(piece, begin, length);
    }
  }

  /** {@link MessageId#ALLOWED_FAST}. */
  record AllowedFast(int piece) implements Message {
    @Override
    public void sayTo(FrameSink sink) {
      sink.allowedFast(piece);
    }
  }

  /** {@link MessageId#EXTENDED}. */
  record Extended(int extendedId, ByteBuffer payload) implements Message {
    /** Copies the buffer. */
    public Extended {
      payload = copy(payload);
    }

    @Override
    public void sayTo(FrameSink sink) {
      sink.extended(extendedId, payload.duplicate());
    }
  }

  /** {@link MessageId#HASH_REQUEST}. */
  record HashRequest(HashRange range) implements Message {
    @Override
    public void sayTo(FrameSink sink) {
      sink.hashRequest(range);
    }
  }

  /** {@link MessageId#HASHES}. */
  record Hashes(HashRange range, ByteBuffer hashes) implements Message {
    /** Copies the buffer. */
    public Hashes {
      hashes = copy(hashes);
    }

    @Override
    public void sayTo(FrameSink sink) {
      sink.hashes(range, hashes.duplicate());
    }
  }

  /** {@link MessageId#HASH_REJECT}. */
  record HashReject(HashRange range) implements Message {
    @Override
    public void sayTo(FrameSink sink) {
      sink.hashReject(range);
    }
  }

  /** A message with an id that is not known here. */
  record Unknown(int id, ByteBuffer payload) implements Message {
    /** Copies the buffer. */
    public Unknown {
      payload = copy(payload);
    }

    @Override
    public void sayTo(FrameSink sink) {
      sink.unknown(id, payload.remaining());
      sayBytes(sink, payload);
    }
  }

  private static void sayBytes(FrameSink sink, ByteBuffer bytes) {
    if (bytes.hasRemaining()) {
      sink.bytes(bytes.duplicate());
    }
  }

  private static ByteBuffer copy(ByteBuffer bytes) {
    return ByteBuffer.allocate(bytes.remaining()).put(bytes.duplicate()).flip().asReadOnlyBuffer();
  }
}
