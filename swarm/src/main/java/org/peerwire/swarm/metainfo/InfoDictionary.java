package org.peerwire.swarm.metainfo;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.peerwire.bencode.Bencode;
import org.peerwire.bencode.BencodeDict;
import org.peerwire.bencode.BencodeException;
import org.peerwire.bencode.BencodeFault;
import org.peerwire.bencode.BencodeInteger;
import org.peerwire.bencode.BencodeList;
import org.peerwire.bencode.BencodeMode;
import org.peerwire.bencode.BencodeString;
import org.peerwire.bencode.BencodeValue;

/**
 * Reads an info dictionary of any version. A v1 torrent and a hybrid take the layout of the v1
 * half, in which pad files fill what lies between aligned files; a v2 torrent is laid out from its
 * file tree. From there on, all are one.
 */
final class InfoDictionary {
  private static final int MAX_PIECE_LENGTH = 512 << 20;
  private static final int MIN_V2_PIECE_LENGTH = 16 << 10;
  private static final int SHA1_LENGTH = 20;

  final MetaVersion version;
  final String name;
  final int pieceLength;
  final boolean isPrivate;
  final @Nullable PieceHashes pieces;
  final List<FileEntry> files;
  final PieceMap pieceMap;

  private final BencodeDict info;
  private final MetainfoOptions options;
  private final Set<MetainfoNotice> notices;
  private final NameCache names = new NameCache();

  /**
   * Reads {@code info}, and adds what it puts up with to {@code notices}.
   *
   * @param canonical whether the document that it stands in is canonical
   */
  InfoDictionary(
      BencodeDict info, boolean canonical, MetainfoOptions options, Set<MetainfoNotice> notices)
      throws MetainfoException {
    this.info = info;
    this.options = options;
    this.notices = notices;
    // First of all, as BEP 52 asks, so that a torrent of a later version is not called broken.
    version = readVersion();
    if (!canonical && !isCanonical(info.span())) {
      if (version.hasV2()) {
        throw new MetainfoException(MetainfoFault.NOT_CANONICAL);
      }
      notices.add(MetainfoNotice.NOT_CANONICAL);
    }
    pieceLength = readPieceLength();
    name = readName();
    isPrivate = readPrivate();

    boolean single = version.hasV1() && info.has("length");
    List<FileDraft> drafts;
    if (version == MetaVersion.V2) {
      drafts = FileTree.read(fileTree(), options);
      single = drafts.size() == 1 && drafts.get(0).rawPath.size() == 1;
      placeAligned(drafts);
    } else {
      drafts = single ? List.of(readSingleFile()) : readFileList();
      placeInRow(drafts);
      if (version == MetaVersion.HYBRID) {
        matchHalves(drafts, single, FileTree.read(fileTree(), options));
      }
    }
    files = finish(drafts, single ? List.of() : List.of(name));
    pieceMap = new PieceMap(files, pieceLength, version);
    pieces = version.hasV1() ? readPieces() : null;
  }

  private MetaVersion readVersion() throws MetainfoException {
    BencodeValue metaVersion = info.get("meta version");
    if (metaVersion == null) {
      if (info.has("file tree")) {
        throw new MetainfoException(
            MetainfoFault.UNSUPPORTED_VERSION, "it has a file tree and no meta version");
      }
      return MetaVersion.V1;
    }
    long number = metaVersion instanceof BencodeInteger integer ? integer.value() : -1;
    if (number != 2) {
      throw new MetainfoException(
          MetainfoFault.UNSUPPORTED_VERSION, number < 0 ? "not a number" : Long.toString(number));
    }
    return info.has("pieces") ? MetaVersion.HYBRID : MetaVersion.V2;
  }

  private boolean isCanonical(ByteBuffer span) {
    try {
      Bencode.parse(span, options.bencode(), BencodeMode.STRICT);
      return true;
    } catch (BencodeException e) {
      if (e.fault() != BencodeFault.NOT_CANONICAL) {
        throw new IllegalStateException(e);
      }
      return false;
    }
  }

  private int readPieceLength() throws MetainfoException {
    long length = info.integer("piece length").orElse(0);
    boolean valid = length >= 1 && length <= MAX_PIECE_LENGTH;
    if (version.hasV2()) {
      valid &= length >= MIN_V2_PIECE_LENGTH && Long.bitCount(length) == 1;
    }
    if (!valid) {
      throw new MetainfoException(MetainfoFault.PIECE_LENGTH, Long.toString(length));
    }
    return (int) length;
  }

  private String readName() throws MetainfoException {
    String raw = utf8Variant(info, "name");
    if (raw == null) {
      throw new MetainfoException(MetainfoFault.NAME);
    }
    String safe = SafeNames.safe(raw, options.portableNames(), SafeNames.MAX_BYTES);
    if (!safe.equals(raw)) {
      notices.add(MetainfoNotice.RENAMED);
    }
    return safe;
  }

  /** When in doubt the torrent is private: a leak of peers cannot be taken back. */
  private boolean readPrivate() {
    BencodeValue value = info.get("private");
    if (value instanceof BencodeInteger integer) {
      return integer.value() != 0;
    }
    return value instanceof BencodeString string ? !string.isEmpty() : value != null;
  }

  private BencodeDict fileTree() throws MetainfoException {
    BencodeDict tree = info.dict("file tree");
    if (tree == null) {
      throw new MetainfoException(MetainfoFault.FILES, "there is no file tree");
    }
    return tree;
  }

  private FileDraft readSingleFile() throws MetainfoException {
    if (info.has("files")) {
      throw new MetainfoException(MetainfoFault.FILES, "it is both one file and many");
    }
    FileAttributes attributes = FileAttributes.parse(info.text("attr"));
    FileDraft draft = readFile(info, List.of(Objects.requireNonNull(utf8Variant(info, "name"))));
    if (attributes.pad() || attributes.symlink()) {
      throw new MetainfoException(MetainfoFault.FILES, "its only file is not a file");
    }
    return draft;
  }

  private List<FileDraft> readFileList() throws MetainfoException {
    BencodeList list = info.list("files");
    if (list == null || list.isEmpty()) {
      throw new MetainfoException(MetainfoFault.FILES);
    }
    List<FileDraft> drafts = new ArrayList<>();
    for (BencodeValue value : list) {
      if (drafts.size() == options.maxFiles()) {
        throw new MetainfoException(MetainfoFault.TOO_MANY_FILES);
      }
      if (!(value instanceof BencodeDict file)) {
        throw new MetainfoException(MetainfoFault.FILES);
      }
      drafts.add(readFile(file, readPath(file)));
    }
    return drafts;
  }

  private List<String> readPath(BencodeDict file) throws MetainfoException {
    BencodeList list = file.list("path.utf-8");
    if (list == null) {
      list = file.list("path");
    }
    if (list == null || list.isEmpty()) {
      // BEP 47 lets pad files do without; a name that is never written serves.
      if (FileAttributes.parse(file.text("attr")).pad()) {
        return List.of(".pad");
      }
      throw new MetainfoException(MetainfoFault.PATH);
    }
    return readStrings(list);
  }

  private List<String> readStrings(BencodeList list) throws MetainfoException {
    List<String> strings = new ArrayList<>(1);
    for (BencodeValue value : list) {
      if (strings.size() == options.maxPathDepth()) {
        throw new MetainfoException(MetainfoFault.PATH_DEPTH);
      }
      if (!(value instanceof BencodeString string)) {
        throw new MetainfoException(MetainfoFault.PATH);
      }
      strings.add(names.share(string.text()));
    }
    return strings;
  }

  private FileDraft readFile(BencodeDict file, List<String> path) throws MetainfoException {
    FileAttributes attributes = FileAttributes.parse(file.text("attr"));
    if (attributes.symlink()) {
      BencodeList target = file.list("symlink path");
      List<String> strings = target == null ? List.of() : List.copyOf(readStrings(target));
      // A link takes no room in the torrent, whatever length it claims (BEP 47).
      return new FileDraft(path, 0, attributes, strings, null);
    }
    return new FileDraft(path, readLength(file), attributes, List.of(), null);
  }

  static long readLength(BencodeDict file) throws MetainfoException {
    OptionalLong length = file.integer("length");
    if (length.isEmpty() || length.getAsLong() < 0) {
      throw new MetainfoException(MetainfoFault.LENGTH);
    }
    return length.getAsLong();
  }

  /** v1: one file right behind the other. */
  private void placeInRow(List<FileDraft> drafts) throws MetainfoException {
    long offset = 0;
    for (FileDraft draft : drafts) {
      draft.offset = offset;
      offset = add(offset, draft.length);
    }
    checkPieceCount(offset);
  }

  /** v2: each file at the start of a piece. */
  private void placeAligned(List<FileDraft> drafts) throws MetainfoException {
    long end = 0;
    for (FileDraft draft : drafts) {
      if (draft.length > 0) {
        draft.offset = add(end, pieceLength - 1) / pieceLength * pieceLength;
        end = add(draft.offset, draft.length);
      } else {
        draft.offset = end;
      }
    }
    checkPieceCount(end);
  }

  private static long add(long a, long b) throws MetainfoException {
    if (a > Long.MAX_VALUE - b) {
      throw new MetainfoException(MetainfoFault.LENGTH, "the sum is too large");
    }
    return a + b;
  }

  private void checkPieceCount(long end) throws MetainfoException {
    long count = PieceMap.piecesIn(end, pieceLength);
    if (count == 0) {
      throw new MetainfoException(MetainfoFault.PIECES, "there is no data in it");
    }
    if (count > options.maxPieces()) {
      throw new MetainfoException(MetainfoFault.TOO_MANY_PIECES, Long.toString(count));
    }
  }

  private PieceHashes readPieces() throws MetainfoException {
    BencodeString hashes = info.string("pieces");
    int expected = pieceMap.pieceCount();
    if (hashes == null || hashes.size() != (long) expected * SHA1_LENGTH) {
      throw new MetainfoException(
          MetainfoFault.PIECES,
          hashes == null
              ? "there are none"
              : hashes.size() + " bytes of them for " + expected + " pieces");
    }
    return new PieceHashes(hashes.bytes(), SHA1_LENGTH);
  }

  /**
   * Both halves of a hybrid must describe the same files, and the v1 half must align them as v2
   * does.
   */
  private void matchHalves(List<FileDraft> drafts, boolean single, List<FileDraft> tree)
      throws MetainfoException {
    placeAligned(tree);
    int next = 0;
    for (FileDraft draft : drafts) {
      if (draft.attributes.pad()) {
        continue;
      }
      if (next == tree.size()) {
        throw new MetainfoException(MetainfoFault.HYBRID_MISMATCH);
      }
      FileDraft twin = tree.get(next++);
      // The same place, not just any begin of a piece: both halves number the pieces alike.
      boolean aligned = draft.length == 0 || draft.offset == twin.offset;
      if (!aligned
          || twin.length != draft.length
          || twin.attributes.symlink() != draft.attributes.symlink()
          || !twin.rawPath.equals(draft.rawPath)) {
        throw new MetainfoException(MetainfoFault.HYBRID_MISMATCH);
      }
      draft.piecesRoot = twin.piecesRoot;
    }
    if (next != tree.size()
        || (single && next != 1)
        || PieceMap.piecesIn(end(drafts), pieceLength)
            != PieceMap.piecesIn(end(tree), pieceLength)) {
      throw new MetainfoException(MetainfoFault.HYBRID_MISMATCH);
    }
  }

  private static long end(List<FileDraft> drafts) {
    FileDraft last = drafts.get(drafts.size() - 1);
    return last.offset + last.length;
  }

  private List<FileEntry> finish(List<FileDraft> drafts, List<String> root)
      throws MetainfoException {
    SafePaths.Result safe = SafePaths.assign(drafts, root, options);
    if (safe.renamed()) {
      notices.add(MetainfoNotice.RENAMED);
    }
    FileEntry[] entries = new FileEntry[drafts.size()];
    for (int i = 0; i < entries.length; i++) {
      entries[i] = new FileEntry(i, drafts.get(i), safe.paths().get(i));
      if (entries[i].isSymlink()) {
        notices.add(MetainfoNotice.SYMLINKS_SKIPPED);
      }
    }
    return List.of(entries);
  }

  /**
   * Old programs wrote text in the local character set, and in UTF-8 beside it under another key.
   */
  private static @Nullable String utf8Variant(BencodeDict dict, String key) {
    String text = dict.text(key + ".utf-8");
    return text != null ? text : dict.text(key);
  }
}
