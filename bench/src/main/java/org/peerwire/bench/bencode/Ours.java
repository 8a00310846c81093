package org.peerwire.bench.bencode;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.peerwire.bench.Contestant;
import org.peerwire.bencode.Bencode;
import org.peerwire.bencode.BencodeDict;
import org.peerwire.bencode.BencodeException;
import org.peerwire.bencode.BencodeInteger;
import org.peerwire.bencode.BencodeLimits;
import org.peerwire.bencode.BencodeList;
import org.peerwire.bencode.BencodeMode;
import org.peerwire.bencode.BencodeString;
import org.peerwire.bencode.BencodeValue;
import org.peerwire.bencode.BencodeWriter;

/** Ours: values that are views of the input, and a writer that is told what to write. */
final class Ours {
  private Ours() {}

  /** Checks and indexes all of it, and takes nothing out. */
  static Contestant read(Document document) {
    byte[] bytes = document.bytes();
    return () -> parse(bytes).end();
  }

  /** Then makes of it the maps, lists and copied strings that the others give. */
  static Contestant readAndCopy(Document document) {
    byte[] bytes = document.bytes();
    document.check("ours", encode(new TreeMap<>(copy(parse(bytes)))));
    return () -> copy(parse(bytes)).size();
  }

  static Contestant write(Document document) {
    Map<String, Object> tree = document.tree();
    return () -> encode(tree).length;
  }

  private static BencodeDict parse(byte[] bytes) {
    try {
      return Bencode.parse(bytes, BencodeLimits.FILE, BencodeMode.LENIENT).rootDict();
    } catch (BencodeException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, Object> copy(BencodeDict dict) {
    Map<String, Object> map = new HashMap<>();
    for (BencodeDict.Entry entry : dict) {
      map.put(entry.key().text(), copyValue(entry.value()));
    }
    return map;
  }

  private static Object copyValue(BencodeValue value) {
    if (value instanceof BencodeString string) {
      return string.toByteArray();
    } else if (value instanceof BencodeInteger integer) {
      return integer.value();
    } else if (value instanceof BencodeList list) {
      List<Object> copies = new ArrayList<>();
      for (BencodeValue each : list) {
        copies.add(copyValue(each));
      }
      return copies;
    }
    return copy((BencodeDict) value);
  }

  static byte[] encode(Object tree) {
    BencodeWriter writer = new BencodeWriter();
    encode(tree, writer);
    return writer.toByteArray();
  }

  private static void encode(Object value, BencodeWriter writer) {
    if (value instanceof byte[] string) {
      writer.string(string);
    } else if (value instanceof Long integer) {
      writer.integer(integer);
    } else if (value instanceof List<?> list) {
      writer.beginList();
      list.forEach(each -> encode(each, writer));
      writer.end();
    } else if (value instanceof Map<?, ?> map) {
      writer.beginDict();
      map.forEach((key, each) -> encode(each, writer.key((String) key)));
      writer.end();
    } else {
      throw new IllegalArgumentException("no value of a document: " + value.getClass());
    }
  }
}
