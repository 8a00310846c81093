package org.peerwire.swarm.metainfo;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.peerwire.InfoHash;
import org.peerwire.PieceLayout;
import org.peerwire.SafeText;
import org.peerwire.bencode.Bencode;
import org.peerwire.bencode.BencodeDict;
import org.peerwire.bencode.BencodeDict.Entry;
import org.peerwire.bencode.BencodeDocument;
import org.peerwire.bencode.BencodeException;
import org.peerwire.bencode.BencodeFault;
import org.peerwire.bencode.BencodeMode;
import org.peerwire.swarm.merkle.HashTree;
import org.peerwire.swarm.merkle.HashedFile;
import org.peerwire.swarm.merkle.TreeDigest;
import org.peerwire.swarm.merkle.TreeShape;

/**
 * A torrent: what its .torrent file, or the info dictionary that peers sent, says. Immutable;
 * buffers that are handed out are read-only views.
 */
public final class Metainfo {
  private final InfoDictionary info;
  private final ByteBuffer infoBytes;
  private final @Nullable InfoHash v1;
  private final @Nullable InfoHashV2 v2;
  private final PieceLayers layers;
  private final List<List<String>> announceTiers;
  private final @Nullable String comment;
  private final @Nullable String createdBy;
  private final OptionalLong creationDate;
  private final Set<MetainfoNotice> notices;

  /** Made when it is first asked for; two threads may make it at once, and make the same. */
  private volatile @Nullable HashedLayout hashed;

  private Metainfo(
      BencodeDict torrent,
      BencodeDict info,
      boolean canonical,
      MetainfoOptions options,
      boolean trailing)
      throws MetainfoException {
    Set<MetainfoNotice> found = EnumSet.noneOf(MetainfoNotice.class);
    this.info = new InfoDictionary(info, canonical, options, found);
    this.infoBytes = info.span();
    this.v1 = this.info.version.hasV1() ? InfoHash.of(hash(Digests.sha1())) : null;
    this.v2 = this.info.version.hasV2() ? InfoHashV2.of(hash(Digests.sha256())) : null;
    this.layers = PieceLayers.read(v2 == null ? null : torrent.get("piece layers"), this.info);
    if (!layers.isComplete()) {
      found.add(MetainfoNotice.PIECE_LAYERS_MISSING);
    }
    Trackers trackers = Trackers.of(torrent);
    if (trackers.skipped()) {
      found.add(MetainfoNotice.TRACKERS_SKIPPED);
    }
    if (trailing) {
      found.add(MetainfoNotice.TRAILING_SPACE);
    }
    if (!canonical) {
      found.add(MetainfoNotice.NOT_CANONICAL);
    }
    this.announceTiers = trackers.tiers();
    this.comment = shown(torrent, "comment");
    this.createdBy = shown(torrent, "created by");
    this.creationDate = torrent.integer("creation date");
    this.notices = Collections.unmodifiableSet(found);
  }

  private Metainfo(Metainfo from, PieceLayers layers) {
    this.info = from.info;
    this.infoBytes = from.infoBytes;
    this.v1 = from.v1;
    this.v2 = from.v2;
    this.layers = layers;
    this.announceTiers = from.announceTiers;
    this.comment = from.comment;
    this.createdBy = from.createdBy;
    this.creationDate = from.creationDate;
    Set<MetainfoNotice> found = EnumSet.noneOf(MetainfoNotice.class);
    found.addAll(from.notices);
    if (layers.isComplete()) {
      found.remove(MetainfoNotice.PIECE_LAYERS_MISSING);
    }
    this.notices = Collections.unmodifiableSet(found);
  }

  /**
   * Reads a .torrent file with the default options. The bytes are copied.
   *
   * @throws MetainfoException if it is not a valid torrent
   */
  public static Metainfo parse(byte[] file) throws MetainfoException {
    return parse(file, MetainfoOptions.DEFAULT);
  }

  /**
   * Reads a .torrent file. The bytes are copied.
   *
   * @throws MetainfoException if it is not a valid torrent, or is beyond the limits
   */
  public static Metainfo parse(byte[] file, MetainfoOptions options) throws MetainfoException {
    if (file.length == 0 || file[0] != 'd') {
      throw new MetainfoException(MetainfoFault.NOT_A_TORRENT, NotATorrent.describe(file));
    }
    BencodeDocument document = read(file, options);
    checkTail(file, document.end());
    BencodeDict torrent = document.rootDict();
    BencodeDict info = onlyInfo(torrent);
    return new Metainfo(
        torrent, info, document.isCanonical(), options, document.end() < file.length);
  }

  /**
   * Reads an info dictionary alone, as peers send it (<a
   * href="https://www.bittorrent.org/beps/bep_0009.html">BEP 9</a>), with the default options.
   * There are no trackers and no piece layers then. The bytes are copied. That they are the right
   * ones is for the caller to check, with {@link #infoHashV1()} and {@link #infoHashV2()}.
   *
   * @throws MetainfoException if it is not a valid info dictionary
   */
  public static Metainfo parseInfo(byte[] info) throws MetainfoException {
    return parseInfo(info, MetainfoOptions.DEFAULT);
  }

  /**
   * Reads an info dictionary alone; see {@link #parseInfo(byte[])}.
   *
   * @throws MetainfoException if it is not a valid info dictionary, or is beyond the limits
   */
  public static Metainfo parseInfo(byte[] info, MetainfoOptions options) throws MetainfoException {
    BencodeDocument document = read(info, options);
    if (document.end() != info.length) {
      throw new MetainfoException(MetainfoFault.TRAILING);
    }
    if (!(document.root() instanceof BencodeDict dict)) {
      throw new MetainfoException(MetainfoFault.NO_INFO);
    }
    return new Metainfo(BencodeDict.EMPTY, dict, document.isCanonical(), options, false);
  }

  private static BencodeDocument read(byte[] bytes, MetainfoOptions options)
      throws MetainfoException {
    try {
      // Checked before the copy, which is what the limit is there to bound.
      if (bytes.length > options.bencode().maxBytes()) {
        throw new MetainfoException(
            MetainfoFault.TOO_LARGE,
            bytes.length + " bytes, and the limit is " + options.bencode().maxBytes());
      }
      return Bencode.parsePrefix(
          ByteBuffer.wrap(bytes.clone()), options.bencode(), BencodeMode.LENIENT);
    } catch (BencodeException e) {
      // The first byte looked like a torrent; whether the rest ever did, nobody knows.
      MetainfoFault fault =
          e.fault() == BencodeFault.SYNTAX && e.offset() < 2
              ? MetainfoFault.NOT_A_TORRENT
              : MetainfoFault.BENCODE;
      throw new MetainfoException(fault, e.getMessage());
    }
  }

  private static void checkTail(byte[] file, int end) throws MetainfoException {
    for (int i = end; i < file.length; i++) {
      if (file[i] != '\n' && file[i] != '\r' && file[i] != ' ') {
        throw new MetainfoException(MetainfoFault.TRAILING);
      }
    }
  }

  private static BencodeDict onlyInfo(BencodeDict torrent) throws MetainfoException {
    BencodeDict info = null;
    boolean seen = false;
    for (Entry entry : torrent) {
      if (entry.key().is("info")) {
        if (seen) {
          throw new MetainfoException(MetainfoFault.DUPLICATE_INFO);
        }
        seen = true;
        info = entry.value() instanceof BencodeDict dict ? dict : null;
      }
    }
    if (info == null) {
      throw new MetainfoException(MetainfoFault.NO_INFO);
    }
    return info;
  }

  private byte[] hash(MessageDigest digest) {
    digest.update(infoBytes());
    return digest.digest();
  }

  private static @Nullable String shown(BencodeDict torrent, String key) {
    String text = torrent.text(key);
    return text == null ? null : SafeText.of(text);
  }

  /** Which hashes the torrent has. */
  public MetaVersion version() {
    return info.version;
  }

  /**
   * What names the torrent on the wire: the v1 info-hash if there is one, else the truncated v2
   * info-hash.
   */
  public InfoHash infoHash() {
    if (v1 != null) {
      return v1;
    }
    if (v2 != null) {
      return v2.truncated();
    }
    throw new IllegalStateException("a torrent without a version");
  }

  /** All that name the torrent on the wire: {@link #infoHash()}, and of a hybrid the v2 one too. */
  public List<InfoHash> infoHashes() {
    return v1 == null || v2 == null ? List.of(infoHash()) : List.of(v1, v2.truncated());
  }

  /** The SHA-1 of the info dictionary's original bytes, unless the torrent is v2 only. */
  public Optional<InfoHash> infoHashV1() {
    return Optional.ofNullable(v1);
  }

  /** The SHA-256 of the info dictionary's original bytes, unless the torrent is v1 only. */
  public Optional<InfoHashV2> infoHashV2() {
    return Optional.ofNullable(v2);
  }

  /** The info dictionary's original bytes: what peers ask for with ut_metadata. */
  public ByteBuffer infoBytes() {
    return infoBytes.duplicate();
  }

  /** The torrent's name, safe as one element of a path: the file, or the folder of the files. */
  public String name() {
    return info.name;
  }

  /** The length of every piece that is not shortened, in bytes, 1 to 2^29. */
  public int pieceLength() {
    return info.pieceLength;
  }

  /** How many pieces there are, 1 or more. */
  public int pieceCount() {
    return info.pieceMap.pieceCount();
  }

  /**
   * The length of all that peers send, in bytes, 1 or more. Pad files are part of it in a v1
   * torrent, where nobody knows where they end without looking; in a hybrid one they are not.
   */
  public long totalLength() {
    long total = 0;
    for (FileEntry file : info.files) {
      total += version().hasV2() && file.isPad() ? 0 : file.length();
    }
    return total;
  }

  /**
   * How the torrent is cut, as a wire and a swarm want to know it. Pieces end where their file
   * does. In a v2 or hybrid torrent blocks exist behind that as well, of zeros, since there are
   * peers that ask for them: those that know only the v1 half, and libtorrent.
   */
  public PieceLayout layout() {
    return version() == MetaVersion.V1
        ? PieceLayout.of(info.pieceMap.end(), info.pieceLength)
        : hashedLayout();
  }

  private HashedLayout hashedLayout() {
    HashedLayout known = hashed;
    if (known == null) {
      known = new HashedLayout(this);
      hashed = known;
    }
    return known;
  }

  /** v2: the file with this root, as those see it that deal in hashes. */
  public Optional<HashedFile> hashedFile(ByteBuffer piecesRoot) {
    return version() == MetaVersion.V1 ? Optional.empty() : hashedLayout().file(piecesRoot);
  }

  /** The SHA-1 of every piece, unless the torrent is v2 only. */
  public Optional<PieceHashes> pieces() {
    return Optional.ofNullable(info.pieces);
  }

  /**
   * v2: the SHA-256 of every piece of a file, checked against its root; absent for a file within
   * one piece, whose root is enough, and while it has to be asked of peers.
   */
  public Optional<PieceHashes> pieceLayer(FileEntry file) {
    HashTree tree =
        file.length() <= info.pieceLength ? null : file.piecesRoot().map(layers::tree).orElse(null);
    return tree == null
        ? Optional.empty()
        : Optional.of(new PieceHashes(tree.row(), TreeDigest.LENGTH));
  }

  /**
   * v2: the tree of the files with this root, from the piece layer upwards; absent for a file
   * within one piece, and while it has to be asked of peers.
   *
   * @param piecesRoot 32 bytes
   */
  public Optional<HashTree> hashTree(ByteBuffer piecesRoot) {
    return Optional.ofNullable(layers.tree(piecesRoot));
  }

  /**
   * v2: the shapes of the trees whose piece layer has to be asked of peers, by their roots. Empty
   * if nothing is missing.
   */
  public Map<ByteBuffer, TreeShape> missingLayers() {
    Map<ByteBuffer, TreeShape> missing = new LinkedHashMap<>(layers.shapes());
    missing.keySet().removeAll(layers.trees().keySet());
    return missing;
  }

  /**
   * This torrent with piece layers that were missing.
   *
   * @param found the hashes of all pieces of a file in one row, by the file's root; not copied
   * @throws MetainfoException if one does not lead to its root
   */
  public Metainfo withPieceLayers(Map<ByteBuffer, ByteBuffer> found) throws MetainfoException {
    PieceLayers all = layers.copy();
    for (Map.Entry<ByteBuffer, ByteBuffer> each : found.entrySet()) {
      all.add(each.getKey(), each.getValue());
    }
    return new Metainfo(this, all);
  }

  /**
   * The torrent as a .torrent file: the info dictionary byte by byte as it came, and the piece
   * layers that are known.
   *
   * @param tiers the addresses of trackers
   */
  public byte[] toTorrent(List<List<String>> tiers) {
    Map<ByteBuffer, ByteBuffer> rows = new HashMap<>();
    layers.trees().forEach((root, tree) -> rows.put(root, tree.row()));
    return TorrentWriter.write(tiers, version().hasV2(), infoBytes(), rows, writer -> {});
  }

  /**
   * All files in the torrent's order, pad files and links included; see {@link
   * FileEntry#isWritten()}.
   */
  public List<FileEntry> files() {
    return info.files;
  }

  /** Where each piece lies in the files. */
  public PieceMap pieceMap() {
    return info.pieceMap;
  }

  /**
   * Whether peers may come from its trackers only (<a
   * href="https://www.bittorrent.org/beps/bep_0027.html">BEP 27</a>).
   */
  public boolean isPrivate() {
    return info.isPrivate;
  }

  /**
   * The addresses of trackers, http, https and udp, in tiers (<a
   * href="https://www.bittorrent.org/beps/bep_0012.html">BEP 12</a>); at most 100 in all, none
   * twice. They name any host at all, one inside the user's network included.
   */
  public List<List<String>> announceTiers() {
    return announceTiers;
  }

  /** The comment, shortened and safe to be shown. */
  public Optional<String> comment() {
    return Optional.ofNullable(comment);
  }

  /** The program that made the torrent, shortened and safe to be shown. */
  public Optional<String> createdBy() {
    return Optional.ofNullable(createdBy);
  }

  /** When the torrent was made, in seconds since 1970, as it says: any number. */
  public OptionalLong creationDate() {
    return creationDate;
  }

  /** What was put up with. */
  public Set<MetainfoNotice> notices() {
    return notices;
  }

  /** The name and the info-hash. */
  @Override
  public String toString() {
    return info.name + " (" + infoHash() + ")";
  }
}
