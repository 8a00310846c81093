package org.peerwire.client.storage;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.peerwire.BlockRegion;
import org.peerwire.Pieces;
import org.peerwire.channel.FileRegion;
import org.peerwire.client.system.Descriptors;
import org.peerwire.swarm.merkle.LeafHash;
import org.peerwire.swarm.metainfo.FileEntry;
import org.peerwire.swarm.metainfo.FileSpan;
import org.peerwire.swarm.metainfo.MetaVersion;
import org.peerwire.swarm.metainfo.Metainfo;
import org.peerwire.swarm.metainfo.PieceMap;

/**
 * The files of one torrent. Blocks are read and written by piece and offset; it knows nothing of
 * what is verified. Files are made when their first byte is written, as long as what was written
 * into them: what lies in between takes no space where the file system has holes. Thread-safe.
 */
public final class Store implements Closeable {
  private static final int ZEROS = 16 << 10;

  /** A multiple of 16 KiB. */
  private static final int LEAVES_CHUNK = 256 << 10;

  private final Metainfo torrent;
  private final Folder folder;
  private final boolean resumed;
  private final boolean writes;

  /** Null if the files are only read, and once the download is finished. */
  private final AtomicReference<@Nullable FolderLock> lock;

  private final OpenFiles files;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** The files that were written to and not forced. Guarded by itself. */
  private final BitSet dirty = new BitSet();

  /**
   * How far each file was written in this run. One that is shorter was cut by someone, and what is
   * written from then on leaves zeros before it. Guarded by {@link #dirty}.
   */
  private final long[] reach;

  /** The files whose names were forced in this run. For one thread at a time. */
  private final BitSet named = new BitSet();

  /** The files that were found cut. Guarded by {@link #dirty}. */
  private final BitSet cut = new BitSet();

  /** A file could not be forced: what was written may be lost, whatever a later attempt says. */
  private volatile boolean doubtful;

  private final ResumeFile resume;

  /**
   * When each file was changed last, as of the last time it was forced, or of the run before. Null
   * until something is claimed; for one thread at a time.
   */
  private long @Nullable [] times;

  /** How often the files were looked at; see {@link #look()}. */
  private int look;

  private Store(Metainfo torrent, Folder folder, @Nullable FolderLock lock) {
    this.torrent = torrent;
    this.folder = folder;
    this.lock = new AtomicReference<>(lock);
    writes = lock != null;
    resumed = lock != null && lock.resumed();
    files = new OpenFiles(folder, Descriptors.ofProcess().files());
    reach = new long[writes ? torrent.files().size() : 0];
    resume = new ResumeFile(folder, torrent);
  }

  /** Opens the files of a torrent to be read; nothing is made or changed. */
  public static Store toRead(Metainfo torrent, Path path) throws StorageException {
    return new Store(torrent, Folder.open(path, false), null);
  }

  /**
   * Opens the files of a torrent to be written, and keeps other runs away from them.
   *
   * @param force whether the remains of another torrent are overwritten
   * @throws StorageException as a conflict, if another run has them
   */
  public static Store toWrite(Metainfo torrent, Path path, boolean force) throws StorageException {
    Folder folder = Folder.open(path, true);
    try {
      return new Store(torrent, folder, FolderLock.take(folder, torrent, force));
    } catch (StorageException | RuntimeException e) {
      try {
        folder.close();
      } catch (IOException closing) {
        e.addSuppressed(closing);
      }
      throw e;
    }
  }

  /** The torrent. */
  public Metainfo torrent() {
    return torrent;
  }

  /**
   * Whether a file could not be forced. The system may have dropped what was written by then, and
   * say that all is well the next time it is asked: nothing of it is known to be on disk until it
   * has been read again by another run.
   */
  public boolean isDoubtful() {
    return doubtful;
  }

  /**
   * Whether another store may not be used beside this one: one of both is written to, and a file of
   * the one is a file or a folder of the other.
   */
  public boolean conflictsWith(Store other) {
    Path mine = root();
    Path theirs = other.root();
    return (writes || other.writes) && (mine.startsWith(theirs) || theirs.startsWith(mine));
  }

  /** Where the content is; alike for names that a file system may take for the same. */
  private Path root() {
    Path path = folder.path().resolve(torrent.name());
    return path.getFileSystem().getPath(FolderLock.folded(path.toString()));
  }

  /** Whether an earlier run left its mark, so that what lies there is its. */
  public boolean isResumed() {
    return resumed;
  }

  /**
   * What stands in a file's place.
   *
   * @return null if nothing does
   * @throws StorageException as a conflict, if one of its folders is none
   */
  @Nullable BasicFileAttributes look(FileEntry file) throws StorageException {
    return folder.look(file.path());
  }

  /** Reads one byte of a file, to see whether that works. */
  void probe(FileEntry file) throws IOException {
    read(file, 0, ByteBuffer.allocate(1));
  }

  /** Writes a part of a piece; blocks. Pad files swallow theirs. */
  public void write(int piece, int begin, ByteBuffer bytes) throws IOException {
    int start = bytes.position();
    int end = bytes.limit();
    torrent
        .pieceMap()
        .forEachSpan(
            piece,
            begin,
            end - start,
            (file, offset, from, length) -> {
              if (file.isWritten()) {
                bytes.limit(start + from + length).position(start + from);
                write(file, offset, bytes);
              }
            });
    bytes.limit(end).position(end);
  }

  private void write(FileEntry file, long offset, ByteBuffer bytes) throws StorageException {
    OpenFiles.Use use = files.take(file, true);
    try {
      synchronized (dirty) {
        dirty.set(file.index());
      }
      measure(file, use.channel());
      long at = offset;
      while (bytes.hasRemaining()) {
        at += use.channel().write(bytes, at);
      }
      synchronized (dirty) {
        reach[file.index()] = Math.max(reach[file.index()], at);
      }
    } catch (IOException e) {
      throw StorageException.of("can't write " + file.pathText(), e);
    } finally {
      use.release();
    }
  }

  /** Notices that a file was cut. */
  private void measure(FileEntry file, FileChannel channel) throws IOException {
    long least;
    synchronized (dirty) {
      least = reach[file.index()];
    }
    long size = channel.size();
    if (size < least) {
      synchronized (dirty) {
        cut.set(file.index());
        reach[file.index()] = size;
      }
    }
  }

  /**
   * Reads a part of a piece; blocks.
   *
   * @throws EOFException if a file is too short
   */
  public void read(int piece, int begin, ByteBuffer target) throws IOException {
    int start = target.position();
    int end = target.limit();
    int there = there(piece, begin, end - start);
    torrent
        .pieceMap()
        .forEachSpan(
            piece,
            begin,
            there,
            (file, offset, from, length) -> {
              target.limit(start + from + length).position(start + from);
              if (file.isWritten()) {
                read(file, offset, target);
              } else {
                zero(target);
              }
            });
    zero(target.limit(end).position(start + there));
  }

  /**
   * Reads pieces of a v2 or hybrid torrent and hashes their data; blocks.
   *
   * @return the leaves of the pieces' hash trees, one after the other
   * @throws EOFException if a file is too short
   */
  public ByteBuffer leaves(int firstPiece, int lastPiece) throws IOException {
    PieceMap map = torrent.pieceMap();
    ByteBuffer chunk = ByteBuffer.allocate(Math.min(LEAVES_CHUNK, map.pieceLength()));
    LeafHash hash = new LeafHash();
    ByteArrayOutputStream leaves = new ByteArrayOutputStream();
    for (int piece = firstPiece; piece <= lastPiece; piece++) {
      int size = map.dataSize(piece);
      for (int at = 0; at < size; at += chunk.limit()) {
        read(piece, at, chunk.clear().limit(Math.min(chunk.capacity(), size - at)));
        hash.put(chunk.flip(), leaves);
      }
    }
    return ByteBuffer.wrap(leaves.toByteArray());
  }

  /**
   * How much of a block lies in files. A block of a v2 torrent may reach behind the end of its
   * file, as {@link Metainfo#layout} says: there are zeros.
   */
  private int there(int piece, int begin, int length) {
    return torrent.version() == MetaVersion.V2
        ? Math.min(length, torrent.pieceMap().pieceSize(piece) - begin)
        : length;
  }

  private void read(FileEntry file, long offset, ByteBuffer target) throws IOException {
    OpenFiles.Use use = files.take(file, false);
    try {
      long at = offset;
      while (target.hasRemaining()) {
        int count = use.channel().read(target, at);
        if (count < 0) {
          throw new EOFException(file.pathText() + " is too short");
        }
        at += count;
      }
    } finally {
      use.release();
    }
  }

  private static void zero(ByteBuffer target) {
    byte[] zeros = new byte[Math.min(target.remaining(), ZEROS)];
    while (target.hasRemaining()) {
      target.put(zeros, 0, Math.min(zeros.length, target.remaining()));
    }
  }

  /**
   * Before {@link #region} promises blocks: files are looked at anew, each once, since they may be
   * cut at any time. By the thread that calls it.
   */
  public void look() {
    look = (look + 1) & Integer.MAX_VALUE;
  }

  /**
   * A block to be sent: a part of a file if it lies in one, which is not read here.
   *
   * @param onFailure run by the thread that sends it, if it can't be read then
   * @throws IOException if it is not there: a file is gone, too short, or can't be opened
   */
  public BlockRegion region(int piece, int begin, int length, Consumer<IOException> onFailure)
      throws IOException {
    int there = there(piece, begin, length);
    List<FileSpan> spans = torrent.pieceMap().spans(piece, begin, there);
    if (there == length && spans.size() == 1 && spans.get(0).file().isWritten()) {
      return region(spans.get(0), onFailure);
    }
    for (FileSpan span : spans) {
      if (span.file().isWritten()) {
        region(span, onFailure).release();
      }
    }
    return new SpreadRegion(this, piece, begin, length, onFailure);
  }

  private FileRegion region(FileSpan span, Consumer<IOException> onFailure) throws IOException {
    OpenFiles.Use use = files.take(span.file(), false);
    boolean there = false;
    try {
      // A file that is cut behind our back is noticed when the block is read: a peer is never sent
      // less than its block.
      there = use.reaches(span.offset() + span.length(), look);
      if (!there) {
        throw new EOFException(span.file().pathText() + " is too short");
      }
      return new FileRegion(use.channel(), span.offset(), span.length(), use::release, onFailure);
    } finally {
      if (!there) {
        use.release();
      }
    }
  }

  /**
   * What an earlier run claimed to have verified and forced. Blocks; once, before anything is
   * written.
   *
   * @return null if it claimed nothing
   * @throws StorageException if that can't be used; the message says why
   */
  ResumeFile.@Nullable Claims claims() throws StorageException {
    ResumeFile.Claims claims = isResumed() ? resume.read() : null;
    if (claims != null) {
      times = claims.times().clone();
    }
    return claims;
  }

  /**
   * Forces what was written so far, and then notes pieces for the next run; blocks. For one thread
   * at a time.
   *
   * @param pieces were verified before this was called
   * @return the files that are not there any more, although they were written; then nothing is
   *     noted
   * @throws StorageException if something could not be forced, and then nothing is noted; or if it
   *     could not be noted
   */
  public BitSet claim(Pieces pieces) throws StorageException {
    BitSet vanished = new BitSet();
    BitSet forced = force(vanished);
    if (!vanished.isEmpty()) {
      return vanished;
    }
    long[] known = times;
    if (known == null) {
      known = new long[torrent.files().size()];
      times = known;
    }
    for (int i = forced.nextSetBit(0); i >= 0; i = forced.nextSetBit(i + 1)) {
      BasicFileAttributes found = folder.look(torrent.files().get(i).path());
      known[i] = found == null ? 0 : ResumeFile.time(found);
    }
    resume.write(new ResumeFile.Claims(pieces, known));
    return vanished;
  }

  /**
   * Every piece of the wanted files was verified: makes empty files, cuts what is longer than it
   * should be, and forces all that was written to the disk; then the folder is free for others. Of
   * a file that is not wanted there is what lies in the pieces of others. Blocks.
   *
   * @return the files that are not there any more; then it is not finished
   */
  public BitSet finish(Predicate<FileEntry> wanted) throws StorageException {
    BitSet vanished = new BitSet();
    force(vanished);
    for (FileEntry file : torrent.files()) {
      if (file.isWritten() && wanted.test(file) && !finish(file)) {
        vanished.set(file.index());
      }
    }
    if (!vanished.isEmpty()) {
      return vanished;
    }
    BitSet all = new BitSet();
    torrent.files().stream()
        .filter(file -> file.isWritten() && wanted.test(file))
        .forEach(file -> all.set(file.index()));
    forceNames(all);
    try {
      resume.delete();
      release(true);
    } catch (IOException e) {
      throw StorageException.of("can't remove the mark of an unfinished download", e);
    }
    return vanished;
  }

  private void release(boolean done) throws IOException {
    FolderLock held = lock.getAndSet(null);
    if (held != null) {
      held.release(done);
    }
  }

  /** What an earlier run wrote may never have been forced. Returns whether the file is there. */
  private boolean finish(FileEntry file) throws StorageException {
    BasicFileAttributes found = folder.look(file.path());
    boolean right = found != null && found.isRegularFile() && found.size() == file.length();
    if (right && !isResumed()) {
      return true;
    }
    OpenFiles.Use use = files.take(file, true);
    try {
      long size = use.channel().size();
      if (size > file.length()) {
        use.channel().truncate(file.length());
      }
      force(use.channel());
      return size >= file.length();
    } catch (IOException e) {
      throw StorageException.of("can't write " + file.pathText(), e);
    } finally {
      use.release();
    }
  }

  private void force(FileChannel channel) throws IOException {
    if (doubtful) {
      throw new IOException("it could not be forced to the disk before");
    }
    boolean forced = false;
    try {
      channel.force(true);
      forced = true;
    } finally {
      doubtful |= !forced;
    }
  }

  /**
   * Forces what was written so far to the disk; blocks.
   *
   * @param vanished gets the files that are not there any more: they were removed or cut, or others
   *     have taken their places, so that what was written into them is nowhere
   * @return the files that were forced
   */
  private BitSet force(BitSet vanished) throws StorageException {
    BitSet forced;
    synchronized (dirty) {
      forced = (BitSet) dirty.clone();
    }
    for (int i = forced.nextSetBit(0); i >= 0; i = forced.nextSetBit(i + 1)) {
      if (!force(torrent.files().get(i))) {
        vanished.set(i);
      }
    }
    forced.andNot(vanished);
    forceNames(forced);
    return forced;
  }

  /** The folders of files that may be new: their names are forced too, each folder once. */
  private void forceNames(BitSet files) {
    Set<List<String>> folders = new LinkedHashSet<>();
    for (int i = files.nextSetBit(0); i >= 0; i = files.nextSetBit(i + 1)) {
      if (!named.get(i)) {
        named.set(i);
        List<String> path = torrent.files().get(i).path();
        for (int depth = path.size() - 1; depth >= 0 && folders.add(path.subList(0, depth)); ) {
          depth--;
        }
      }
    }
    folders.forEach(folder::forceNames);
  }

  /** Returns whether the file is where it should be. */
  private boolean force(FileEntry file) throws StorageException {
    OpenFiles.Use use = files.take(file, true);
    boolean forced = false;
    try {
      // First: what is written from now on is forced the next time.
      clean(file);
      force(use.channel());
      measure(file, use.channel());
      BasicFileAttributes found = folder.look(file.path());
      forced = true;
      if (found == null || !Objects.equals(found.fileKey(), use.key())) {
        files.forget(file);
        return false;
      }
      return !wasCut(file);
    } catch (IOException e) {
      throw StorageException.of("can't write " + file.pathText(), e);
    } finally {
      use.release();
      if (!forced) {
        synchronized (dirty) {
          dirty.set(file.index());
        }
      }
    }
  }

  private boolean wasCut(FileEntry file) {
    synchronized (dirty) {
      boolean was = cut.get(file.index());
      cut.clear(file.index());
      return was;
    }
  }

  private void clean(FileEntry file) {
    synchronized (dirty) {
      dirty.clear(file.index());
    }
  }

  /**
   * Releases the files and the lock. The mark of an unfinished download stays unless it is
   * finished, or this run made it and wrote nothing.
   */
  @Override
  public void close() throws IOException {
    if (closed.getAndSet(true)) {
      return;
    }
    files.close();
    try {
      boolean trace = isResumed() || hasWritten();
      if (writes && !trace && lock.get() != null) {
        resume.delete();
      }
      release(!trace);
    } finally {
      folder.close();
    }
  }

  private boolean hasWritten() {
    synchronized (dirty) {
      for (long end : reach) {
        if (end > 0) {
          return true;
        }
      }
      return false;
    }
  }
}
