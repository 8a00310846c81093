package org.peerwire.bencode;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A view of one value inside the input. Two values are equal if their original bytes are, which for
 * canonical input means the same as having the same content, and costs no walk through what is
 * nested.
 */
public abstract sealed class BencodeValue
    permits BencodeString, BencodeInteger, BencodeList, BencodeDict {
  final Tape tape;
  final int token;

  BencodeValue(Tape tape, int token) {
    this.tape = tape;
    this.token = token;
  }

  /** Where the encoded value starts: bytes from the start of the input. */
  public final int offset() {
    return tape.start(token);
  }

  /** Where the encoded value ends, exclusively: bytes from the start of the input. */
  public final int end() {
    return tape.end(token);
  }

  /**
   * The bytes of the encoded value as they came: a read-only view of the input. An info-hash is the
   * hash of these.
   */
  public final ByteBuffer span() {
    return tape.input().slice(offset(), end() - offset());
  }

  @Override
  public final boolean equals(@Nullable Object other) {
    return other instanceof BencodeValue that && span().equals(that.span());
  }

  @Override
  public final int hashCode() {
    return span().hashCode();
  }

  /** The value for a person, shortened and with everything unprintable escaped. */
  @Override
  public final String toString() {
    return BencodePrinter.print(tape, token);
  }
}
