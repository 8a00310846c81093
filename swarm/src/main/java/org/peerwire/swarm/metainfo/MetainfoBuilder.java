package org.peerwire.swarm.metainfo;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.peerwire.SafeText;
import org.peerwire.bencode.BencodeWriter;

/**
 * Writes a v1 .torrent file (<a href="https://www.bittorrent.org/beps/bep_0003.html">BEP 3</a>) in
 * canonical form. Files go in the order of their bytes; hashing those is the caller's part.
 * Arguments that no torrent may have are an {@link IllegalArgumentException}. For one thread at a
 * time.
 */
public final class MetainfoBuilder {
  private static final int SHA1_LENGTH = 20;
  private static final int TARGET_PIECES = 1_500;
  private static final int MIN_SUGGESTED = 16 << 10;
  private static final int MAX_SUGGESTED = 16 << 20;

  private final String name;
  private final int pieceLength;
  private final List<NewFile> files = new ArrayList<>();
  private final List<List<String>> tiers = new ArrayList<>();
  private long singleLength = -1;
  private long totalLength;
  private boolean isPrivate;
  private @Nullable String comment;
  private String createdBy = "peerwire";
  private @Nullable Long creationDate;

  private record NewFile(List<String> path, long length) {}

  /**
   * A torrent of this name.
   *
   * @param name the name of the file, or of the folder that the files are in
   * @param pieceLength in bytes, 1 to 2^29; most programs expect a power of two of 16 KiB or more
   */
  public MetainfoBuilder(String name, int pieceLength) {
    if (pieceLength < 1 || pieceLength > 512 << 20) {
      throw new IllegalArgumentException("piece length " + pieceLength);
    }
    this.name = checkName(name);
    this.pieceLength = pieceLength;
  }

  /**
   * A piece length that suits so many bytes: a power of two from 16 KiB to 16 MiB that gives at
   * most about 1,500 pieces.
   *
   * @param totalLength in bytes, 0 or more
   */
  public static int suggestedPieceLength(long totalLength) {
    int length = MIN_SUGGESTED;
    while (length < MAX_SUGGESTED && totalLength / length > TARGET_PIECES) {
      length *= 2;
    }
    return length;
  }

  /** Makes the torrent one of a single file, of so many bytes. */
  public MetainfoBuilder singleFile(long length) {
    if (singleLength >= 0 || !files.isEmpty()) {
      throw new IllegalArgumentException("there are files already");
    }
    singleLength = checkLength(length);
    totalLength = length;
    return this;
  }

  /**
   * Adds a file.
   *
   * @param path its place inside the folder that the torrent is named after, one or more names
   * @param length in bytes, 0 or more
   */
  public MetainfoBuilder file(List<String> path, long length) {
    if (singleLength >= 0
        || path.isEmpty()
        || path.size() > MetainfoOptions.DEFAULT.maxPathDepth()) {
      throw new IllegalArgumentException("a file does not belong here: " + path);
    }
    path.forEach(MetainfoBuilder::checkName);
    files.add(new NewFile(List.copyOf(path), checkLength(length)));
    totalLength = Math.addExact(totalLength, length);
    return this;
  }

  /** Adds trackers of equal rank, to be tried after those added before. */
  public MetainfoBuilder tier(List<String> urls) {
    for (String url : urls) {
      if (!Trackers.isUsable(url)) {
        throw new IllegalArgumentException("not the address of a tracker: " + url);
      }
    }
    if (!urls.isEmpty()) {
      tiers.add(List.copyOf(urls));
    }
    return this;
  }

  /** Whether peers may come from the trackers only. */
  public MetainfoBuilder isPrivate(boolean value) {
    isPrivate = value;
    return this;
  }

  /** A comment for people. */
  public MetainfoBuilder comment(String text) {
    comment = text;
    return this;
  }

  /** The program that makes the torrent; {@code peerwire} if not set, none if empty. */
  public MetainfoBuilder createdBy(String program) {
    createdBy = program;
    return this;
  }

  /** When the torrent is made, in seconds since 1970; not written if not set. */
  public MetainfoBuilder creationDate(long seconds) {
    creationDate = seconds;
    return this;
  }

  /** How many bytes the files added so far have. */
  public long totalLength() {
    return totalLength;
  }

  /** How many hashes {@link #build} needs: as many as there are pieces. */
  public int pieceCount() {
    return Math.toIntExact(PieceMap.piecesIn(totalLength, pieceLength));
  }

  /**
   * The .torrent file.
   *
   * @param pieces the SHA-1 of each piece, 20 bytes each, in one row
   */
  public byte[] build(byte[] pieces) {
    BencodeWriter writer = new BencodeWriter().beginDict();
    if (!tiers.isEmpty()) {
      writer.put("announce", tiers.get(0).get(0));
      if (tiers.size() > 1 || tiers.get(0).size() > 1) {
        writeTiers(writer.key("announce-list"));
      }
    }
    if (comment != null) {
      writer.put("comment", comment);
    }
    if (!createdBy.isEmpty()) {
      writer.put("created by", createdBy);
    }
    if (creationDate != null) {
      writer.put("creation date", creationDate);
    }
    return writer.key("info").encoded(ByteBuffer.wrap(buildInfo(pieces))).end().toByteArray();
  }

  /**
   * The info dictionary alone, whose SHA-1 is the info-hash.
   *
   * @param pieces the SHA-1 of each piece, 20 bytes each, in one row
   */
  public byte[] buildInfo(byte[] pieces) {
    if (totalLength == 0 || pieces.length != (long) pieceCount() * SHA1_LENGTH) {
      throw new IllegalArgumentException(
          pieces.length + " bytes of hashes for " + pieceCount() + " pieces");
    }
    BencodeWriter writer = new BencodeWriter().beginDict();
    if (singleLength >= 0) {
      writer.put("length", singleLength);
    } else {
      writer.key("files").beginList();
      for (NewFile file : files) {
        writer.beginDict().put("length", file.length).key("path").beginList();
        file.path.forEach(writer::string);
        writer.end().end();
      }
      writer.end();
    }
    writer.put("name", name).put("piece length", pieceLength).put("pieces", pieces);
    if (isPrivate) {
      writer.put("private", 1);
    }
    return writer.end().toByteArray();
  }

  private void writeTiers(BencodeWriter writer) {
    writer.beginList();
    for (List<String> tier : tiers) {
      writer.beginList();
      tier.forEach(writer::string);
      writer.end();
    }
    writer.end();
  }

  private static long checkLength(long length) {
    if (length < 0) {
      throw new IllegalArgumentException("length " + length);
    }
    return length;
  }

  /** A name that readers would have to change is refused: they would not find the file under it. */
  private static String checkName(String name) {
    if (!SafeNames.safe(name, false, SafeNames.MAX_BYTES).equals(name)) {
      throw new IllegalArgumentException("not a name for a torrent: " + SafeText.of(name));
    }
    return name;
  }
}
