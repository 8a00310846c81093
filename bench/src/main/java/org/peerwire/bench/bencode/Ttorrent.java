package org.peerwire.bench.bencode;

import com.turn.ttorrent.bcodec.BDecoder;
import com.turn.ttorrent.bcodec.BEValue;
import com.turn.ttorrent.bcodec.BEncoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.peerwire.bench.Contestant;

/** ttorrent-core's bencode. */
final class Ttorrent {
  private Ttorrent() {}

  static Contestant read(Document document) {
    byte[] bytes = document.bytes();
    document.check("ttorrent-core", encode(parse(bytes)));
    return () -> parse(bytes).hashCode();
  }

  static Contestant write(Document document) {
    BEValue value = value(document.tree());
    document.check("ttorrent-core", encode(value));
    return () -> encode(value).length;
  }

  private static BEValue parse(byte[] bytes) {
    try {
      return BDecoder.bdecode(ByteBuffer.wrap(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] encode(BEValue value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      BEncoder.bencode(value.getMap(), out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static BEValue value(Object tree) {
    if (tree instanceof byte[] string) {
      return new BEValue(string);
    } else if (tree instanceof Long integer) {
      return new BEValue(integer.longValue());
    } else if (tree instanceof List<?> list) {
      List<BEValue> values = new ArrayList<>();
      list.forEach(each -> values.add(value(each)));
      return new BEValue(values);
    }
    Map<String, BEValue> values = new HashMap<>();
    ((Map<?, ?>) tree).forEach((key, value) -> values.put((String) key, value(value)));
    return new BEValue(values);
  }
}
