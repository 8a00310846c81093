package org.peerwire.extension;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.peerwire.IpAddress;
import org.peerwire.SafeText;
import org.peerwire.bencode.BencodeDict;
import org.peerwire.bencode.BencodeInteger;
import org.peerwire.bencode.BencodeString;

/** Takes from a peer's message what is in range, and of what has no bound no more than is kept. */
final class HandshakeReader {
  static final Set<String> NAMES =
      Set.of(
          "m",
          "v",
          "p",
          "reqq",
          "yourip",
          "ipv4",
          "ipv6",
          "metadata_size",
          "upload_only",
          "e",
          "complete_ago",
          "share_mode");

  /** No extension has a longer name, in bytes. */
  private static final int MAX_NAME = 64;

  private static final int MAX_CLIENT = 128;

  private HandshakeReader() {}

  static ExtensionHandshake read(BencodeDict in) {
    return new ExtensionHandshake(
        ids(in.dict("m")),
        client(in.string("v")),
        number(in, "p", 1, 0xffff),
        reqq(in),
        address(in.string("yourip"), IpAddress.V4_LENGTH, IpAddress.V6_LENGTH),
        address(in.string("ipv4"), IpAddress.V4_LENGTH, IpAddress.V4_LENGTH),
        address(in.string("ipv6"), IpAddress.V6_LENGTH, IpAddress.V6_LENGTH),
        metadataSize(in),
        flag(in, "upload_only"),
        flag(in, "e"),
        completeAgo(in),
        flag(in, "share_mode"),
        others(in));
  }

  /** How much an entry counts against what is kept, in bytes. */
  static int size(String key, ByteBuffer value) {
    return key.length() + value.remaining();
  }

  private static Map<String, Integer> ids(@Nullable BencodeDict m) {
    Map<String, Integer> ids = new LinkedHashMap<>();
    if (m == null) {
      return ids;
    }
    for (BencodeDict.Entry entry : m) {
      if (entry.key().size() > MAX_NAME) {
        continue;
      }
      String name = entry.key().text();
      // Of equal keys the first counts.
      if (!ids.containsKey(name)) {
        // An id that no message can have is as good as none.
        long id = entry.value() instanceof BencodeInteger number ? number.value() : 0;
        ids.put(name, id < 0 || id > ExtensionHandshake.MAX_ID ? 0 : (int) id);
      }
    }
    return ids;
  }

  private static @Nullable String client(@Nullable BencodeString v) {
    if (v == null) {
      return null;
    }
    ByteBuffer bytes = v.bytes();
    // A code point takes at most four bytes; whatever a peer sends, no more is turned into text.
    bytes.limit(Math.min(bytes.limit(), 4 * (MAX_CLIENT + 1)));
    return SafeText.of(StandardCharsets.UTF_8.decode(bytes).toString(), MAX_CLIENT);
  }

  private static @Nullable Integer number(BencodeDict in, String key, int least, int most) {
    OptionalLong value = in.integer(key);
    boolean fits = value.isPresent() && value.getAsLong() >= least && value.getAsLong() <= most;
    return fits ? Integer.valueOf((int) value.getAsLong()) : null;
  }

  private static @Nullable Integer reqq(BencodeDict in) {
    OptionalLong value = in.integer("reqq");
    if (value.isEmpty() || value.getAsLong() < 1) {
      return null;
    }
    return (int) Math.min(value.getAsLong(), ExtensionHandshake.MAX_REQQ);
  }

  /** A size that no info dictionary has says that there is none, which withdraws an earlier one. */
  private static @Nullable Integer metadataSize(BencodeDict in) {
    OptionalLong value = in.integer("metadata_size");
    if (value.isEmpty()) {
      return null;
    }
    long size = value.getAsLong();
    return size < 0 || size > Integer.MAX_VALUE ? 0 : (int) size;
  }

  private static @Nullable Boolean flag(BencodeDict in, String key) {
    OptionalLong value = in.integer(key);
    return value.isEmpty() ? null : Boolean.valueOf(value.getAsLong() != 0);
  }

  private static @Nullable Long completeAgo(BencodeDict in) {
    OptionalLong value = in.integer("complete_ago");
    return value.isEmpty() || value.getAsLong() < -1 ? null : Long.valueOf(value.getAsLong());
  }

  private static @Nullable IpAddress address(@Nullable BencodeString ip, int one, int other) {
    return ip != null && (ip.size() == one || ip.size() == other)
        ? IpAddress.of(ip.toByteArray())
        : null;
  }

  private static Map<String, ByteBuffer> others(BencodeDict in) {
    Map<String, ByteBuffer> others = new LinkedHashMap<>();
    int left = ExtensionHandshake.MAX_OTHERS;
    for (BencodeDict.Entry entry : in) {
      ByteBuffer span = entry.value().span();
      if (entry.key().size() + span.remaining() > left) {
        continue;
      }
      String key = entry.key().text();
      if (!NAMES.contains(key) && !others.containsKey(key)) {
        ByteBuffer copy = ByteBuffer.allocate(span.remaining()).put(span).flip();
        others.put(key, copy.asReadOnlyBuffer());
        left -= size(key, copy);
      }
    }
    return others;
  }
}
