package org.peerwire.client.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.peerwire.PieceSet;
import org.peerwire.Pieces;
import org.peerwire.bencode.Bencode;
import org.peerwire.bencode.BencodeDict;
import org.peerwire.bencode.BencodeException;
import org.peerwire.bencode.BencodeLimits;
import org.peerwire.bencode.BencodeMode;
import org.peerwire.bencode.BencodeString;
import org.peerwire.bencode.BencodeWriter;
import org.peerwire.swarm.metainfo.Metainfo;

/**
 * What a run knew of its pieces when it last forced them to the disk: a hidden file beside the
 * content, in bencode.
 *
 * <pre>
 *   crc32c    of what follows
 *   resume    a string that is bencode itself:
 *     info-hash   20 bytes
 *     pieces      a bitfield: verified, and forced before this was written
 *     times       for each file 8 bytes, when it was changed last; 0 if no claim needs it
 *     version     1
 * </pre>
 *
 * <p>Nothing of it is believed: it tells which pieces to check last, since the others are the ones
 * to fetch. There are no paths in it, and no peers. It is replaced as a whole.
 */
final class ResumeFile {
  private static final int VERSION = 1;

  /** Of all that has a fixed length, with room for what later versions may add. */
  private static final int FRAME = 4 << 10;

  private final Folder folder;
  private final Metainfo torrent;
  private final String name;

  /**
   * What is claimed.
   *
   * @param pieces which were verified and forced
   * @param times when each file was changed last, as {@link #time} counts
   */
  @SuppressWarnings("ArrayRecordComponent") // A row of numbers, which nobody compares.
  record Claims(Pieces pieces, long[] times) {}

  ResumeFile(Folder folder, Metainfo torrent) {
    this.folder = folder;
    this.torrent = torrent;
    name = FolderLock.markOf(torrent.name()) + ".resume";
  }

  /**
   * Reads what an earlier run left.
   *
   * @return null if there is nothing
   * @throws StorageException if it can't be used; the message says why
   */
  @Nullable Claims read() throws StorageException {
    if (folder.look(List.of(name)) == null) {
      return null;
    }
    try (FileChannel channel = folder.openFile(List.of(name), false)) {
      int most = FRAME + bitfieldLength() + Long.BYTES * torrent.files().size();
      long size = channel.size();
      check(size <= most, "it is too long");
      ByteBuffer bytes = ByteBuffer.allocate((int) size);
      while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) >= 0) {
        // The rest.
      }
      return parse(bytes.flip(), BencodeLimits.FILE.withMaxBytes(most));
    } catch (IOException | BencodeException e) {
      throw new StorageException(
          StorageException.Kind.IO,
          "what an earlier run noted of its progress can't be used, and all is checked: "
              + e.getMessage(),
          e);
    }
  }

  private Claims parse(ByteBuffer bytes, BencodeLimits limits)
      throws BencodeException, StorageException {
    BencodeDict outer = Bencode.parse(bytes, limits, BencodeMode.STRICT).rootDict();
    ByteBuffer inner = string(outer, "resume");
    check(outer.integer("crc32c").orElse(-1) == checksum(inner), "its checksum is wrong");
    BencodeDict claims = Bencode.parse(inner, limits, BencodeMode.STRICT).rootDict();
    OptionalLong version = claims.integer("version");
    check(version.orElse(0) == VERSION, "it is of another version");
    check(
        string(claims, "info-hash").equals(ByteBuffer.wrap(torrent.infoHash().toBytes())),
        "it is of another torrent");
    ByteBuffer bits = string(claims, "pieces");
    check(bits.remaining() == bitfieldLength(), "it is of another number of pieces");
    PieceSet pieces = new PieceSet(torrent.pieceCount());
    check(!pieces.set(bits), "it has pieces that the torrent does not have");
    long[] times = new long[torrent.files().size()];
    ByteBuffer packed = string(claims, "times");
    check(packed.remaining() == Long.BYTES * times.length, "it is of another number of files");
    packed.asLongBuffer().get(times);
    return new Claims(pieces, times);
  }

  private static ByteBuffer string(BencodeDict dict, String key) throws StorageException {
    BencodeString string = dict.string(key);
    check(string != null, "it has no " + key);
    return string == null ? ByteBuffer.allocate(0) : string.bytes().slice();
  }

  private static void check(boolean right, String why) throws StorageException {
    if (!right) {
      throw new StorageException(StorageException.Kind.IO, why, null);
    }
  }

  private int bitfieldLength() {
    return PieceSet.bitfieldLength(torrent.pieceCount());
  }

  private static long checksum(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate());
    return crc.getValue();
  }

  /** Replaces what was there: after a crash there is the old one or the new one. */
  void write(Claims claims) throws StorageException {
    ByteBuffer bits = ByteBuffer.allocate(bitfieldLength());
    claims.pieces().writeBitfield(bits);
    ByteBuffer packed = ByteBuffer.allocate(Long.BYTES * claims.times().length);
    packed.asLongBuffer().put(claims.times());
    byte[] inner =
        new BencodeWriter()
            .beginDict()
            .put("info-hash", torrent.infoHash().toBytes())
            .put("pieces", bits.array())
            .put("times", packed.array())
            .put("version", VERSION)
            .end()
            .toByteArray();
    ByteBuffer bytes =
        ByteBuffer.wrap(
            new BencodeWriter()
                .beginDict()
                .put("crc32c", checksum(ByteBuffer.wrap(inner)))
                .put("resume", inner)
                .end()
                .toByteArray());
    String fresh = name + ".new";
    try (FileChannel channel = folder.openFile(List.of(fresh), true)) {
      channel.truncate(0);
      while (bytes.hasRemaining()) {
        channel.write(bytes, bytes.position());
      }
      channel.force(true);
    } catch (IOException e) {
      throw StorageException.of("can't note the progress", e);
    }
    folder.rename(fresh, name);
  }

  /** There is nothing left to resume. */
  void delete() throws IOException {
    folder.delete(name);
    folder.delete(name + ".new");
  }

  /** When a file was changed last, as a number that is good for comparisons alone. */
  static long time(BasicFileAttributes attributes) {
    return attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS);
  }
}
