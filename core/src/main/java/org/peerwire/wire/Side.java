package org.peerwire.wire;

import java.nio.ByteBuffer;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.peerwire.Handshake;
import org.peerwire.HashRange;
import org.peerwire.PieceLayout;
import org.peerwire.PieceSet;
import org.peerwire.Pieces;
import org.peerwire.Violation;

/**
 * What one side has said, and the rules for what it may say. A wire has two: sending applies to
 * ours, receiving to the peer's, so each rule stands once and we can't send what we would refuse.
 *
 * <p>A rule returns the violation, or null; it changes nothing but what it says in its comment.
 */
final class Side {
  /** The most pieces that one side may name as allowed fast. */
  static final int MAX_ALLOWED_FAST = 64;

  /** What a side says it has, all at once. */
  enum HaveState {
    BITFIELD,
    ALL,
    NONE
  }

  private final Terms terms;

  final PieceSet pieces = new PieceSet();

  /** The hashes that this side has asked for. Null for the many that never do. */
  @Nullable Set<HashRange> hashRequests;

  /** The pieces that the other side may request while this one chokes it. Null: none. */
  private @Nullable IntSet allowedFast;

  @Nullable Handshake handshake;
  boolean choking = true;
  boolean interested;

  /** Whether it said anything that must come after what it has. */
  private boolean spoke;

  private boolean saidHaveState;

  /** The length of the bitfield that came before the number of pieces was known, or -1. */
  int bitfieldLength = -1;

  Side(Terms terms) {
    this.terms = terms;
  }

  /**
   * Any message but a keep-alive or a have state is about to be said. With the fast extension on,
   * what a side has must be said first. Remembers that the side spoke.
   */
  @Nullable Violation word() {
    if (spoke) {
      return null;
    }
    spoke = true;
    return terms.fast && !saidHaveState ? Violation.HAVE_STATE_MISSING : null;
  }

  /**
   * As {@link #word}, for the extended messages, which many clients send before they say what they
   * have.
   */
  @Nullable Violation extended() {
    Violation early = terms.areStrict() ? word() : null;
    return terms.extensions ? early : Violation.EXTENSION_NOT_NEGOTIATED;
  }

  /** Whether it still has to say what it has before anything else. */
  boolean owesHaveState() {
    return terms.fast && !saidHaveState && !spoke;
  }

  /** Bitfield, have-all or have-none. Remembers that it was said. */
  @Nullable Violation haveState(HaveState state) {
    boolean again = saidHaveState;
    saidHaveState = true;
    if (state != HaveState.BITFIELD && !terms.fast) {
      return Violation.FAST_NOT_NEGOTIATED;
    }
    if (!spoke && !again) {
      return null;
    }
    // One name, and so one budget, for all ways to say it twice with the fast extension on.
    boolean late = state == HaveState.BITFIELD && !(terms.fast && again);
    return late ? Violation.BITFIELD_LATE : Violation.HAVE_STATE_REPEATED;
  }

  /** A bitfield; where it only adds to what was said before, it is a word for many haves. */
  @Nullable Violation bitfield(ByteBuffer bits) {
    boolean grows = saidHaveState && !pieces.isEmpty() && pieces.growsTo(bits);
    return grows ? Violation.BITFIELD_FOR_HAVES : haveState(HaveState.BITFIELD);
  }

  @Nullable Violation have(int piece) {
    return terms.hasPiece(piece) ? null : Violation.HAVE_OUT_OF_RANGE;
  }

  /**
   * A have is taken back. Returns whether the piece was there; that all pieces of an unknown number
   * are there but one can't be kept.
   */
  boolean lose(int piece) {
    boolean canLose = !pieces.isFull() || pieces.size() != Pieces.UNKNOWN;
    return canLose && pieces.remove(piece);
  }

  /**
   * Only whether the block exists; how large a block is served is the other side's to say.
   *
   * @param length unsigned
   */
  @Nullable Violation request(int piece, int begin, int length) {
    return terms.hasBlock(piece, begin, length) ? null : Violation.REQUEST_OUT_OF_RANGE;
  }

  @Nullable Violation block(int piece, int begin, int length) {
    // An empty block is another matter: some clients reject that way.
    return terms.hasBlock(piece, begin, Math.max(1, length)) ? null : Violation.BLOCK_OUT_OF_RANGE;
  }

  /** Suggest-piece and allowed-fast. */
  @Nullable Violation hint(int piece) {
    if (!terms.fast) {
      return Violation.FAST_NOT_NEGOTIATED;
    }
    return terms.hasPiece(piece) ? null : Violation.ALLOWED_FAST_OUT_OF_RANGE;
  }

  @Nullable Violation reject() {
    return terms.fast ? null : Violation.FAST_NOT_NEGOTIATED;
  }

  /** Only whether the hashes exist; which of them are served is the other side's to say. */
  @Nullable Violation hashRequest(HashRange range) {
    PieceLayout layout = terms.layout;
    boolean exists = range.isWellFormed() && layout != null && layout.hasHashes(range);
    return exists ? null : Violation.HASH_REQUEST_INVALID;
  }

  /** The other side answers a hash request of this one. Returns whether there was one. */
  boolean answered(HashRange range) {
    Set<HashRange> pending = hashRequests;
    return pending != null && pending.remove(range);
  }

  /** Whether this side allows it fast from now on: it did not before, and may name one more. */
  boolean allowFast(int piece) {
    IntSet allowed = allowedFast;
    if (allowed == null) {
      allowed = new IntSet(MAX_ALLOWED_FAST);
      allowedFast = allowed;
    }
    return allowed.add(piece);
  }

  boolean allowsFast(int piece) {
    return allowedFast != null && allowedFast.contains(piece);
  }

  /** Whether the other side may request this piece now. */
  boolean allows(int piece) {
    return !choking || (terms.fast && allowsFast(piece));
  }

  /**
   * The number of pieces is known now: what was said before must fit it. Spare bits could not be
   * seen until now; they are masked out.
   */
  @Nullable Violation resize(int pieceCount) {
    boolean saidBits = bitfieldLength >= 0;
    if (saidBits && bitfieldLength != PieceSet.bitfieldLength(pieceCount)) {
      return Violation.BITFIELD_LENGTH;
    }
    int beyond = pieces.isFull() ? -1 : pieces.next(pieceCount);
    for (; beyond >= 0; beyond = pieces.next(pieceCount)) {
      if (!saidBits || beyond >= bitfieldLength * Byte.SIZE) {
        return Violation.HAVE_OUT_OF_RANGE;
      }
      if (terms.areStrict()) {
        return Violation.BITFIELD_SPARE_BITS;
      }
      pieces.remove(beyond);
    }
    pieces.resize(pieceCount);
    return null;
  }

  @Override
  public String toString() {
    return (choking ? "choking" : "unchoking")
        + (interested ? ", interested, " : ", not interested, ")
        + pieces;
  }
}
