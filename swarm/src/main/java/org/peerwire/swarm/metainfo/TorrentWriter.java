package org.peerwire.swarm.metainfo;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.peerwire.bencode.BencodeWriter;

/** Writes what stands around an info dictionary. */
final class TorrentWriter {
  private TorrentWriter() {}

  /**
   * A .torrent file.
   *
   * @param layered whether it has piece layers, be they none
   * @param layers a row of hashes by its root
   * @param extras writes the keys between {@code announce-list} and {@code info}
   */
  static byte[] write(
      List<List<String>> tiers,
      boolean layered,
      ByteBuffer info,
      Map<ByteBuffer, ByteBuffer> layers,
      Consumer<BencodeWriter> extras) {
    BencodeWriter writer = new BencodeWriter().beginDict();
    if (!tiers.isEmpty()) {
      writer.put("announce", tiers.get(0).get(0));
      if (tiers.size() > 1 || tiers.get(0).size() > 1) {
        writeTiers(writer.key("announce-list"), tiers);
      }
    }
    extras.accept(writer);
    writer.key("info").encoded(info);
    if (layered) {
      writer.key("piece layers").beginDict();
      layers.forEach((root, row) -> writer.key(bytes(root)).string(row.duplicate()));
      writer.end();
    }
    return writer.end().toByteArray();
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  private static void writeTiers(BencodeWriter writer, List<List<String>> tiers) {
    writer.beginList();
    for (List<String> tier : tiers) {
      writer.beginList();
      tier.forEach(writer::string);
      writer.end();
    }
    writer.end();
  }
}
