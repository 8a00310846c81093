package org.peerwire.swarm.metainfo;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.function.Consumer;
import org.peerwire.bencode.BencodeWriter;

/** Torrents spelled out, right and wrong ones. Strings stand for bytes, one character each. */
final class Torrents {
  private Torrents() {}

  /** A bencoded string of UTF-8 text. */
  static String string(String text) {
    String bytes = new String(text.getBytes(UTF_8), ISO_8859_1);
    return bytes.length() + ":" + bytes;
  }

  static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }

  /** A torrent around the entries of an info dictionary. */
  static byte[] torrent(String infoEntries) {
    return bytes("d4:infod" + infoEntries + "ee");
  }

  static Metainfo parse(String infoEntries) throws MetainfoException {
    return Metainfo.parse(torrent(infoEntries));
  }

  /** A v1 torrent of one file in pieces of 16 KiB. */
  static String single(String name, long length) {
    return "6:lengthi"
        + length
        + "e4:name"
        + string(name)
        + "12:piece lengthi16384e"
        + pieces(length, 16384);
  }

  static String pieces(long length, long pieceLength) {
    long count = length == 0 ? 0 : (length - 1) / pieceLength + 1;
    return "6:pieces" + 20 * count + ":" + "h".repeat((int) (20 * count));
  }

  /** A v1 torrent named "root" of files of one byte each. */
  static Metainfo withPaths(List<List<String>> paths) throws MetainfoException {
    return withPaths(paths, MetainfoOptions.DEFAULT);
  }

  static Metainfo withPaths(List<List<String>> paths, MetainfoOptions options)
      throws MetainfoException {
    return Metainfo.parse(
        multi(
            "root",
            16384,
            paths.size(),
            files ->
                paths.forEach(
                    path -> {
                      files.beginDict().put("length", 1).key("path").beginList();
                      path.forEach(files::string);
                      files.end().end();
                    })),
        options);
  }

  static byte[] multi(String name, int pieceLength, long total, Consumer<BencodeWriter> files) {
    BencodeWriter writer = new BencodeWriter().beginDict().key("info").beginDict();
    writer.key("files").beginList();
    files.accept(writer);
    writer.end();
    writer.put("name", name).put("piece length", pieceLength);
    int count = (int) ((total - 1) / pieceLength + 1);
    return writer.put("pieces", new byte[20 * count]).end().end().toByteArray();
  }

  /** The path of the only file, when its only element is {@code name}. */
  static String safe(String name) throws MetainfoException {
    Metainfo torrent = withPaths(List.of(List.of(name)));
    return torrent.files().get(0).path().get(1);
  }
}
