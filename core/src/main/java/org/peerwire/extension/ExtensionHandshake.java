package org.peerwire.extension;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.peerwire.IpAddress;
import org.peerwire.bencode.Bencode;
import org.peerwire.bencode.BencodeDict;
import org.peerwire.bencode.BencodeException;
import org.peerwire.bencode.BencodeLimits;
import org.peerwire.bencode.BencodeMode;
import org.peerwire.bencode.BencodeValue;
import org.peerwire.bencode.BencodeWriter;

/**
 * What an extension handshake says (<a href="https://www.bittorrent.org/beps/bep_0010.html">BEP
 * 10</a>), under the protocol's own names. Everything is optional: null is what was not said. Of a
 * peer's, numbers out of range count as not said, so every number here is in its range.
 *
 * @param m for each extension by name the id, 1 to 255, under which the sender wants to receive its
 *     messages; 0 in a message switches it off
 * @param v name and version of the client; of a peer's at most 128 code points, fit to be shown
 * @param p the port on which it listens, 1 to 65535
 * @param reqq how many requests it queues, 1 to {@value #MAX_REQQ}
 * @param yourip the address under which it sees the receiver: a hint from one who may lie
 * @param ipv4 an IPv4 address of the sender
 * @param ipv6 an IPv6 address of the sender
 * @param metadataSize length of the info dictionary in bytes, or 0 if it has none (<a
 *     href="https://www.bittorrent.org/beps/bep_0009.html">BEP 9</a>). A claim, not bounded here
 * @param uploadOnly whether it downloads nothing (<a
 *     href="https://www.bittorrent.org/beps/bep_0021.html">BEP 21</a>)
 * @param e whether it prefers encrypted connections
 * @param completeAgo for how many seconds it has had everything, or -1 if it has not
 * @param shareMode whether it downloads only to share
 * @param others what has no name here, as encoded values; of a peer's, what fits {@value
 *     #MAX_OTHERS} bytes with its names. Read-only
 */
public record ExtensionHandshake(
    Map<String, Integer> m,
    @Nullable String v,
    @Nullable Integer p,
    @Nullable Integer reqq,
    @Nullable IpAddress yourip,
    @Nullable IpAddress ipv4,
    @Nullable IpAddress ipv6,
    @Nullable Integer metadataSize,
    @Nullable Boolean uploadOnly,
    @Nullable Boolean e,
    @Nullable Long completeAgo,
    @Nullable Boolean shareMode,
    Map<String, ByteBuffer> others) {

  /** What a peer queues that did not say how much. */
  public static final int DEFAULT_REQQ = 250;

  /** A peer that says it queues more is taken to queue this many. */
  public static final int MAX_REQQ = 2048;

  /** The largest id of an extension. */
  public static final int MAX_ID = 255;

  /** How much is kept of what has no name here, in bytes. */
  public static final int MAX_OTHERS = 4096;

  /** Nothing said. */
  public static final ExtensionHandshake EMPTY = builder().build();

  /** Copies the maps. */
  public ExtensionHandshake {
    m = Collections.unmodifiableMap(new LinkedHashMap<>(m));
    others = Collections.unmodifiableMap(new LinkedHashMap<>(others));
  }

  /** Says nothing yet. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * What a message says. Nothing of the message is kept; what is not of the expected type or range
   * counts as not said.
   */
  public static ExtensionHandshake read(BencodeDict message) {
    return HandshakeReader.read(message);
  }

  /**
   * The id under which the sender wants to receive the messages of an extension, 1 to 255, or 0 if
   * it does not speak it.
   */
  public int id(String extension) {
    return m.getOrDefault(extension, 0);
  }

  /** How many requests the sender queues: {@link #DEFAULT_REQQ} if it did not say. */
  public int requests() {
    return reqq == null ? DEFAULT_REQQ : reqq;
  }

  /** An entry that has no name here, or null. */
  public @Nullable BencodeValue other(String key) {
    ByteBuffer encoded = others.get(key);
    if (encoded == null) {
      return null;
    }
    try {
      return Bencode.parse(encoded, BencodeLimits.WIRE, BencodeMode.LENIENT).root();
    } catch (BencodeException notBencode) {
      return null;
    }
  }

  /** Whether two extensions have the same id. */
  public boolean hasDuplicateIds() {
    long ids = m.values().stream().filter(id -> id != 0).count();
    return ids != m.values().stream().filter(id -> id != 0).distinct().count();
  }

  /**
   * This and what a later handshake changes: it changes only what it names. Of two extensions with
   * the same id the one named last has it.
   */
  public ExtensionHandshake plus(ExtensionHandshake later) {
    return new Builder(this).addAll(later).build();
  }

  /** The message. */
  public byte[] encode() {
    BencodeWriter out = new BencodeWriter().beginDict();
    if (!m.isEmpty()) {
      out.key("m").beginDict();
      m.forEach(out::put);
      out.end();
    }
    put(out, "v", v);
    put(out, "p", p);
    put(out, "reqq", reqq);
    put(out, "yourip", yourip);
    put(out, "ipv4", ipv4);
    put(out, "ipv6", ipv6);
    put(out, "metadata_size", metadataSize);
    put(out, "upload_only", uploadOnly);
    put(out, "e", e);
    put(out, "complete_ago", completeAgo);
    put(out, "share_mode", shareMode);
    others.forEach((key, value) -> out.key(key).encoded(value));
    return out.end().toByteArray();
  }

  private static void put(BencodeWriter out, String key, @Nullable Object value) {
    if (value instanceof String text) {
      out.put(key, text);
    } else if (value instanceof Number number) {
      out.put(key, number.longValue());
    } else if (value instanceof Boolean is) {
      out.put(key, is ? 1 : 0);
    } else if (value instanceof IpAddress ip) {
      out.put(key, ip.toBytes());
    }
  }

  /** Makes an {@link ExtensionHandshake}. What is not called is not said. */
  public static final class Builder {
    private final Map<String, Integer> m = new LinkedHashMap<>();
    private final Map<String, ByteBuffer> others = new LinkedHashMap<>();
    private @Nullable String v;
    private @Nullable Integer p;
    private @Nullable Integer reqq;
    private @Nullable IpAddress yourip;
    private @Nullable IpAddress ipv4;
    private @Nullable IpAddress ipv6;
    private @Nullable Integer metadataSize;
    private @Nullable Boolean uploadOnly;
    private @Nullable Boolean e;
    private @Nullable Long completeAgo;
    private @Nullable Boolean shareMode;

    private Builder() {}

    private Builder(ExtensionHandshake from) {
      addAll(from);
    }

    /** The id of an extension, 0 to 255. */
    public Builder m(String name, int id) {
      m.put(name, (int) inRange(id, 0, MAX_ID));
      return this;
    }

    /** Name and version of our client. */
    public Builder v(String value) {
      v = value;
      return this;
    }

    /** The port on which we listen, 1 to 65535. */
    public Builder p(int port) {
      p = (int) inRange(port, 1, 0xffff);
      return this;
    }

    /** How many requests we queue, 1 to {@link #MAX_REQQ}. */
    public Builder reqq(int requests) {
      reqq = (int) inRange(requests, 1, MAX_REQQ);
      return this;
    }

    /** The address under which we see the peer. */
    public Builder yourip(IpAddress value) {
      yourip = value;
      return this;
    }

    /** An IPv4 address of ours. */
    public Builder ipv4(IpAddress value) {
      ipv4 = value;
      return this;
    }

    /** An IPv6 address of ours. */
    public Builder ipv6(IpAddress value) {
      ipv6 = value;
      return this;
    }

    /** The length of the info dictionary in bytes, or 0 if we have none. */
    public Builder metadataSize(int bytes) {
      metadataSize = (int) inRange(bytes, 0, Integer.MAX_VALUE);
      return this;
    }

    /** Whether we download nothing. */
    public Builder uploadOnly(boolean value) {
      uploadOnly = value;
      return this;
    }

    /** Whether we prefer encrypted connections. */
    public Builder e(boolean value) {
      e = value;
      return this;
    }

    /** For how many seconds we have had everything, or -1. */
    public Builder completeAgo(long seconds) {
      completeAgo = inRange(seconds, -1, Long.MAX_VALUE);
      return this;
    }

    /** Whether we download only to share. */
    public Builder shareMode(boolean value) {
      shareMode = value;
      return this;
    }

    /** An integer under a name that is not one of the above. */
    public Builder other(String key, long value) {
      return other(key, ByteBuffer.wrap(new BencodeWriter().integer(value).toByteArray()));
    }

    /** A string under a name that is not one of the above. */
    public Builder other(String key, String value) {
      return other(key, ByteBuffer.wrap(new BencodeWriter().string(value).toByteArray()));
    }

    /**
     * A value under a name that is not one of the above.
     *
     * @param encoded exactly one bencoded value, which is not checked; not to be changed any more
     */
    public Builder other(String key, ByteBuffer encoded) {
      if (HandshakeReader.NAMES.contains(key)) {
        throw new IllegalArgumentException(key + " has a method of its own");
      }
      others.put(key, encoded.asReadOnlyBuffer());
      return this;
    }

    /** Everything that {@code later} says; see {@link ExtensionHandshake#plus}. */
    public Builder addAll(ExtensionHandshake later) {
      later.m.forEach(this::change);
      v = later.v == null ? v : later.v;
      p = later.p == null ? p : later.p;
      reqq = later.reqq == null ? reqq : later.reqq;
      yourip = later.yourip == null ? yourip : later.yourip;
      ipv4 = later.ipv4 == null ? ipv4 : later.ipv4;
      ipv6 = later.ipv6 == null ? ipv6 : later.ipv6;
      metadataSize = later.metadataSize == null ? metadataSize : later.metadataSize;
      uploadOnly = later.uploadOnly == null ? uploadOnly : later.uploadOnly;
      e = later.e == null ? e : later.e;
      completeAgo = later.completeAgo == null ? completeAgo : later.completeAgo;
      shareMode = later.shareMode == null ? shareMode : later.shareMode;
      later.others.forEach(this::keep);
      return this;
    }

    /** What was said. */
    public ExtensionHandshake build() {
      return new ExtensionHandshake(
          m,
          v,
          p,
          reqq,
          yourip,
          ipv4,
          ipv6,
          metadataSize,
          uploadOnly,
          e,
          completeAgo,
          shareMode,
          others);
    }

    /** An id means one extension, so a peer that goes on naming new ones has at most 255. */
    private void change(String name, int id) {
      m.remove(name);
      if (id != 0) {
        m.values().remove(id);
        m.put(name, id);
      }
    }

    private void keep(String key, ByteBuffer value) {
      ByteBuffer before = others.put(key, value);
      long size = 0;
      for (Map.Entry<String, ByteBuffer> entry : others.entrySet()) {
        size += HandshakeReader.size(entry.getKey(), entry.getValue());
      }
      if (size > MAX_OTHERS) {
        if (before == null) {
          others.remove(key);
        } else {
          others.put(key, before);
        }
      }
    }

    private static long inRange(long value, long least, long most) {
      if (value < least || value > most) {
        throw new IllegalArgumentException(value + " is not in " + least + " to " + most);
      }
      return value;
    }
  }
}
