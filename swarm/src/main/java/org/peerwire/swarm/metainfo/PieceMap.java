package org.peerwire.swarm.metainfo;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Where the bytes of each piece lie in the files. Immutable; all arithmetic on offsets is of 64
 * bits.
 *
 * <pre>
 *   files    |---- a ----|-- b --|c|------- d -------|
 *   pieces   |----0----|----1----|----2----|----3----|-4-|
 * </pre>
 *
 * <p>In a v2 torrent every file that is not empty starts a piece, and its last piece is as short as
 * the file makes it; in v1, and in hybrids, where pad files fill the gaps, only the torrent's last
 * piece is short.
 */
public final class PieceMap {
  private final List<FileEntry> files;
  private final int pieceLength;
  private final boolean aligned;
  private final boolean padded;
  private final long end;
  private final int pieceCount;

  /**
   * Files in the order of their offsets. In a v2 torrent each starts a piece; in a hybrid too, and
   * there pad files fill the gaps.
   */
  PieceMap(List<FileEntry> files, int pieceLength, MetaVersion version) {
    this.files = files;
    this.pieceLength = pieceLength;
    this.aligned = version == MetaVersion.V2;
    this.padded = version == MetaVersion.HYBRID;
    this.end = files.isEmpty() ? 0 : files.get(files.size() - 1).end();
    this.pieceCount = Math.toIntExact(piecesIn(end, pieceLength));
  }

  /** The length of a piece that is not shortened, in bytes, 1 or more. */
  public int pieceLength() {
    return pieceLength;
  }

  /** How many pieces there are. */
  public int pieceCount() {
    return pieceCount;
  }

  static long piecesIn(long bytes, int pieceLength) {
    return bytes == 0 ? 0 : (bytes - 1) / pieceLength + 1;
  }

  /**
   * The size of one piece, in bytes, 1 to {@link #pieceLength()}.
   *
   * @param piece 0 to {@link #pieceCount()} - 1
   * @throws IndexOutOfBoundsException if there is no such piece
   */
  public int pieceSize(int piece) {
    Objects.checkIndex(piece, pieceCount);
    long limit = aligned ? fileOf(piece).end() : end;
    return (int) Math.min(pieceLength, limit - start(piece));
  }

  /**
   * How many bytes of a piece are data of files; behind them there is padding. Less than {@link
   * #pieceSize} only in a hybrid torrent, where each file has pieces of its own.
   *
   * @param piece 0 to {@link #pieceCount()} - 1
   * @throws IndexOutOfBoundsException if there is no such piece
   */
  public int dataSize(int piece) {
    int size = pieceSize(piece);
    return padded ? (int) Math.min(size, fileOf(piece).end() - start(piece)) : size;
  }

  /** Where the last file ends, padding included. */
  long end() {
    return end;
  }

  /** The file that a piece of a v2 or hybrid torrent belongs to. */
  FileEntry fileOf(int piece) {
    return files.get(fileAt(start(piece)));
  }

  private long start(int piece) {
    return (long) piece * pieceLength;
  }

  /**
   * Walks through the files that a block lies in. Empty files are not met.
   *
   * @param piece 0 to {@link #pieceCount()} - 1
   * @param begin where the block starts in the piece, in bytes, 0 or more
   * @param length the block's length, in bytes, 0 or more
   * @throws IndexOutOfBoundsException if the block does not lie inside the piece
   * @throws X what the consumer throws
   */
  public <X extends Exception> void forEachSpan(
      int piece, int begin, int length, FileSpanConsumer<X> consumer) throws X {
    Objects.checkFromIndexSize(begin, length, pieceSize(piece));
    long position = (long) piece * pieceLength + begin;
    int from = 0;
    for (int i = fileAt(position); from < length; i++) {
      FileEntry file = files.get(i);
      int count = (int) Math.min(length - from, file.end() - position);
      if (count > 0) {
        consumer.span(file, position - file.offset(), from, count);
        from += count;
        position += count;
      }
    }
  }

  /**
   * The files that a block lies in, as a list; {@link #forEachSpan} is the form without garbage.
   *
   * @throws IndexOutOfBoundsException if the block does not lie inside the piece
   */
  public List<FileSpan> spans(int piece, int begin, int length) {
    List<FileSpan> spans = new ArrayList<>();
    forEachSpan(
        piece,
        begin,
        length,
        (file, offset, from, count) -> spans.add(new FileSpan(file, offset, count)));
    return List.copyOf(spans);
  }

  /** The first piece with a byte of this file, which must not be empty. */
  public int firstPiece(FileEntry file) {
    checkNotEmpty(file);
    return (int) (file.offset() / pieceLength);
  }

  /** The last piece with a byte of this file, which must not be empty. */
  public int lastPiece(FileEntry file) {
    checkNotEmpty(file);
    return (int) ((file.end() - 1) / pieceLength);
  }

  private static void checkNotEmpty(FileEntry file) {
    if (file.length() == 0) {
      throw new IllegalArgumentException("an empty file lies in no piece");
    }
  }

  /** The first file that ends behind {@code position}. */
  private int fileAt(long position) {
    int low = 0;
    int high = files.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (files.get(middle).end() <= position) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
