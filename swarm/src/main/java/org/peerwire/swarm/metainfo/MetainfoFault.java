package org.peerwire.swarm.metainfo;

/** Why a torrent or a magnet link is not accepted. */
public enum MetainfoFault {
  /** Something else altogether: a web page, an archive, an empty file. */
  NOT_A_TORRENT("not a torrent"),
  /** The file is larger than the limit. */
  TOO_LARGE("the torrent file is too large"),
  /** Broken bencode, or more of it than the limits allow. */
  BENCODE("the torrent is damaged"),
  /** Something other than white space follows the torrent. */
  TRAILING("the torrent is damaged: something follows its end"),
  /** The key {@code info} occurs twice, so that two programs could see two torrents. */
  DUPLICATE_INFO("the torrent has two info dictionaries"),
  /** There is no info dictionary. */
  NO_INFO("the torrent has no info dictionary"),
  /** A meta version other than 2, or a v2 field without one. */
  UNSUPPORTED_VERSION("the torrent is of a version that is not supported"),
  /** A v2 info dictionary that is not canonical. */
  NOT_CANONICAL("the torrent's info dictionary is not in canonical form, which version 2 demands"),
  /** No name. */
  NAME("the torrent has no name"),
  /** The piece length is missing, out of range, or for v2 not a power of two of 16 KiB or more. */
  PIECE_LENGTH("the torrent's piece length is not valid"),
  /**
   * The piece hashes are missing, not a multiple of 20 bytes, or not as many as there are pieces.
   */
  PIECES("the torrent's piece hashes do not match its length"),
  /** More pieces than the limit. */
  TOO_MANY_PIECES("the torrent has too many pieces"),
  /** The list or tree of files is missing, empty, or not in the form it should have. */
  FILES("the torrent's list of files is not valid"),
  /** More files than the limit. */
  TOO_MANY_FILES("the torrent has too many files"),
  /** A file's length is missing or negative, or the sum does not fit 63 bits. */
  LENGTH("the length of a file in the torrent is not valid"),
  /** A file's path is missing or not a list of strings. */
  PATH("the path of a file in the torrent is not valid"),
  /** A path has more elements than the limit. */
  PATH_DEPTH("the torrent's folders nest too deeply"),
  /** One name is both a file and a folder. */
  PATH_CONFLICT("the torrent uses one name for both a file and a folder"),
  /** More files share their names than the limit. */
  DUPLICATE_NAMES("too many files in the torrent have the same name"),
  /** v2: the root hash of a file is missing, not 32 bytes, or zero. */
  PIECES_ROOT("the root hash of a file in the torrent is not valid"),
  /** v2: a piece layer belongs to no file, has the wrong length, or does not hash to its root. */
  PIECE_LAYERS("the torrent's piece layers do not match its files"),
  /** A hybrid torrent whose two halves describe different files. */
  HYBRID_MISMATCH("the two halves of the hybrid torrent describe different files"),

  /** Not a magnet link, or a broken %-escape in it. */
  MAGNET_SYNTAX("not a valid magnet link"),
  /** The link is longer than the limit. */
  MAGNET_TOO_LONG("the magnet link is too long"),
  /** The link names no torrent of BitTorrent. */
  MAGNET_NO_HASH("the magnet link has no info-hash"),
  /** An info-hash in the link has the wrong length or digits, or there are two that differ. */
  MAGNET_HASH("the magnet link's info-hash is not valid"),
  /** The selection of files is not numbers and ranges, or is out of range. */
  MAGNET_SELECTION("the magnet link's selection of files is not valid");

  private final String sentence;

  MetainfoFault(String sentence) {
    this.sentence = sentence;
  }

  String sentence() {
    return sentence;
  }
}
