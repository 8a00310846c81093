package org.peerwire.client;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.peerwire.PieceSet;
import org.peerwire.Pieces;
import org.peerwire.swarm.metainfo.FileEntry;
import org.peerwire.swarm.metainfo.FileSelection;
import org.peerwire.swarm.metainfo.Metainfo;

/** What a transfer is to have in the end: all files, or those that were selected. Immutable. */
final class Goal {
  private final Metainfo torrent;
  private final @Nullable FileSelection selection;
  private final @Nullable PieceSet pieces;

  Goal(Metainfo torrent, Optional<FileSelection> selection) {
    this.torrent = torrent;
    this.selection = selection.orElse(null);
    pieces = selection.map(files -> files.pieces(torrent)).orElse(null);
  }

  /** Whether there is anything to do at all. */
  boolean isEmpty() {
    return torrent.files().stream().noneMatch(file -> file.isWritten() && wants(file));
  }

  boolean wants(FileEntry file) {
    return selection == null || selection.contains(file.index());
  }

  /** The pieces that are fetched; null: all. */
  @Nullable Pieces pieces() {
    return pieces;
  }

  /** How many pieces are fetched in all. */
  int count() {
    return pieces == null ? torrent.pieceCount() : pieces.count();
  }

  /** How many bytes they have. */
  long bytes() {
    return pieces == null ? torrent.totalLength() : Failures.bytesOf(torrent, pieces);
  }

  /** Those of {@code verified} that are wanted: a copy. */
  PieceSet among(Pieces verified) {
    PieceSet both = new PieceSet(verified.size());
    for (int piece = verified.next(0); piece >= 0; piece = verified.next(piece + 1)) {
      if (pieces == null || pieces.contains(piece)) {
        both.add(piece);
      }
    }
    return both;
  }

  boolean isReached(Pieces verified) {
    return pieces == null ? verified.isFull() : among(verified).count() == pieces.count();
  }

  /** A copy of any pieces. */
  static PieceSet copyOf(Pieces pieces) {
    PieceSet copy = new PieceSet(pieces.size());
    if (pieces.isFull()) {
      copy.addAll();
    } else if (!pieces.isEmpty()) {
      ByteBuffer bits = ByteBuffer.allocate(PieceSet.bitfieldLength(pieces.size()));
      pieces.writeBitfield(bits);
      copy.set(bits.flip());
    }
    return copy;
  }
}
