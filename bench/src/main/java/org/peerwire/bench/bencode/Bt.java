package org.peerwire.bench.bencode;

import bt.bencoding.model.BEObject;
import bt.bencoding.serializers.BEEncoder;
import bt.bencoding.serializers.BEParser;
import bt.bencoding.types.BEInteger;
import bt.bencoding.types.BEList;
import bt.bencoding.types.BEMap;
import bt.bencoding.types.BEString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.peerwire.bench.Contestant;

/** bt-core's bencode. */
final class Bt {
  private Bt() {}

  static Contestant read(Document document) {
    byte[] bytes = document.bytes();
    document.check("bt-core", encode(parse(bytes)));
    return () -> parse(bytes).getValue().size();
  }

  static Contestant write(Document document) {
    BEMap value = map(document.tree());
    document.check("bt-core", encode(value));
    return () -> encode(value).length;
  }

  private static BEMap parse(byte[] bytes) {
    try (BEParser parser = new BEParser(bytes)) {
      return parser.readMap();
    }
  }

  private static byte[] encode(BEMap value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      BEEncoder.encoder().encode(value, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static BEMap map(Map<?, ?> tree) {
    Map<String, BEObject<?>> map = new HashMap<>();
    tree.forEach((key, value) -> map.put((String) key, value(value)));
    return new BEMap(map);
  }

  private static BEObject<?> value(Object tree) {
    if (tree instanceof byte[] string) {
      return new BEString(string);
    } else if (tree instanceof Long integer) {
      return new BEInteger(integer);
    } else if (tree instanceof List<?> list) {
      List<BEObject<?>> values = new ArrayList<>();
      list.forEach(each -> values.add(value(each)));
      return new BEList(values);
    }
    return map((Map<?, ?>) tree);
  }
}
