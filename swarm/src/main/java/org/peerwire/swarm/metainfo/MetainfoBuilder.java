package org.peerwire.swarm.metainfo;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.peerwire.SafeText;
import org.peerwire.bencode.BencodeWriter;

/**
 * Writes a .torrent file in canonical form: v1 (<a
 * href="https://www.bittorrent.org/beps/bep_0003.html">BEP 3</a>), v2 (<a
 * href="https://www.bittorrent.org/beps/bep_0052.html">BEP 52</a>) or both. Files go in the order
 * of their bytes; hashing those is the caller's part. Arguments that no torrent may have are an
 * {@link IllegalArgumentException}. For one thread at a time.
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
   * The v2 hashes of a file.
   *
   * @param root of its tree, 32 bytes; none for an empty file
   * @param layer the hashes of its pieces in one row, 32 bytes each; none if it is within one piece
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over, and compared by nobody
  public record FileHashes(byte[] root, byte[] layer) {
    /** What an empty file has. */
    public static final FileHashes NONE = new FileHashes(new byte[0], new byte[0]);
  }

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

  /** How many hashes {@link #build(byte[])} needs: as many as there are pieces. */
  public int pieceCount() {
    return Math.toIntExact(PieceMap.piecesIn(totalLength, pieceLength));
  }

  /**
   * The .torrent file, v1.
   *
   * @param pieces the SHA-1 of each piece, 20 bytes each, in one row
   */
  public byte[] build(byte[] pieces) {
    return write(buildInfo(pieces), null);
  }

  /**
   * The info dictionary alone, v1, whose SHA-1 is the info-hash.
   *
   * @param pieces the SHA-1 of each piece, 20 bytes each, in one row
   */
  public byte[] buildInfo(byte[] pieces) {
    checkPieces(pieces, pieceCount());
    return info(pieces, null);
  }

  /**
   * The .torrent file, v2 or hybrid. Its files must have been added in the order of their paths,
   * name by name, as UTF-8 bytes without sign.
   *
   * @param pieces for a hybrid one, the SHA-1 of each piece, 20 bytes each, in one row: each file
   *     has pieces of its own, the last one filled up with zeros but for the last file's; null for
   *     one that is v2 alone
   * @param hashes of each file, in the order in which they were added
   */
  public byte[] build(byte @Nullable [] pieces, List<FileHashes> hashes) {
    if (Integer.bitCount(pieceLength) != 1 || pieceLength < MIN_SUGGESTED) {
      throw new IllegalArgumentException("piece length " + pieceLength + " in a v2 torrent");
    }
    if (hashes.size() != treeFiles().size()) {
      throw new IllegalArgumentException("hashes of " + hashes.size() + " files");
    }
    long count = 0;
    for (NewFile file : treeFiles()) {
      count += PieceMap.piecesIn(file.length, pieceLength);
    }
    if (pieces != null) {
      checkPieces(pieces, count);
    }
    return write(info(pieces, hashes), hashes);
  }

  private void checkPieces(byte[] pieces, long count) {
    if (totalLength == 0 || pieces.length != count * SHA1_LENGTH) {
      throw new IllegalArgumentException(
          pieces.length + " bytes of hashes for " + count + " pieces");
    }
  }

  private byte[] write(byte[] info, @Nullable List<FileHashes> hashes) {
    Map<ByteBuffer, ByteBuffer> layers = new HashMap<>();
    if (hashes != null) {
      for (FileHashes file : hashes) {
        if (file.layer.length > 0) {
          layers.put(ByteBuffer.wrap(file.root), ByteBuffer.wrap(file.layer));
        }
      }
    }
    return TorrentWriter.write(
        tiers, hashes != null, ByteBuffer.wrap(info), layers, this::writeExtras);
  }

  private void writeExtras(BencodeWriter writer) {
    if (comment != null) {
      writer.put("comment", comment);
    }
    if (!createdBy.isEmpty()) {
      writer.put("created by", createdBy);
    }
    if (creationDate != null) {
      writer.put("creation date", creationDate);
    }
  }

  private byte[] info(byte @Nullable [] pieces, @Nullable List<FileHashes> hashes) {
    BencodeWriter writer = new BencodeWriter().beginDict();
    if (hashes != null) {
      TreeWriter tree = new TreeWriter(writer.key("file tree"));
      for (int i = 0; i < hashes.size(); i++) {
        NewFile file = treeFiles().get(i);
        tree.file(file.path, file.length, hashes.get(i).root);
      }
      tree.end();
    }
    if (pieces != null) {
      if (singleLength >= 0) {
        writer.put("length", singleLength);
      } else {
        writeFiles(writer.key("files"), hashes != null);
      }
    }
    if (hashes != null) {
      writer.put("meta version", 2);
    }
    writer.put("name", name).put("piece length", pieceLength);
    if (pieces != null) {
      writer.put("pieces", pieces);
    }
    if (isPrivate) {
      writer.put("private", 1);
    }
    return writer.end().toByteArray();
  }

  private List<NewFile> treeFiles() {
    return singleLength >= 0 ? List.of(new NewFile(List.of(name), singleLength)) : files;
  }

  private void writeFiles(BencodeWriter writer, boolean padded) {
    writer.beginList();
    long offset = 0;
    for (NewFile file : files) {
      long gap = (pieceLength - offset % pieceLength) % pieceLength;
      if (padded && file.length > 0 && gap > 0) {
        writer.beginDict().put("attr", "p").put("length", gap).key("path").beginList();
        writer.string(".pad").string(Long.toString(gap)).end().end();
        offset += gap;
      }
      writer.beginDict().put("length", file.length).key("path").beginList();
      file.path.forEach(writer::string);
      writer.end().end();
      offset += file.length;
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
