package org.peerwire.swarm.tracker;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.peerwire.IpAddress;
import org.peerwire.SafeText;
import org.peerwire.bencode.Bencode;
import org.peerwire.bencode.BencodeDict;
import org.peerwire.bencode.BencodeException;
import org.peerwire.bencode.BencodeLimits;
import org.peerwire.bencode.BencodeList;
import org.peerwire.bencode.BencodeMode;
import org.peerwire.bencode.BencodeString;
import org.peerwire.bencode.BencodeValue;

/**
 * An announce over HTTP (<a href="https://www.bittorrent.org/beps/bep_0003.html">BEP 3</a>, 7, 23,
 * 24): the address to get, and what the answer says.
 */
public final class HttpAnnounce {
  /** The longest answer that is read, in bytes. */
  public static final int MAX_ANSWER = 1 << 20;

  /** The longest reason or warning that is shown, in code points. */
  static final int MAX_TEXT = 200;

  private static final int MAX_TRACKER_ID = 256;
  private static final BencodeLimits LIMITS = BencodeLimits.WIRE.withMaxBytes(MAX_ANSWER);

  private HttpAnnounce() {}

  /**
   * The address that makes an announce.
   *
   * @param tracker the tracker's address; a query in it is kept
   */
  public static String url(String tracker, Announce announce) {
    int fragment = tracker.indexOf('#');
    String base = fragment < 0 ? tracker : tracker.substring(0, fragment);
    StringBuilder url = new StringBuilder(base);
    url.append(base.indexOf('?') < 0 ? '?' : base.endsWith("?") || base.endsWith("&") ? "" : "&");
    url.append("info_hash=");
    escape(announce.infoHash().toBytes(), url);
    url.append("&peer_id=");
    escape(announce.peerId().toBytes(), url);
    url.append("&port=").append(announce.port());
    url.append("&uploaded=").append(announce.totals().uploaded());
    url.append("&downloaded=").append(announce.totals().downloaded());
    url.append("&left=").append(announce.totals().left());
    url.append("&compact=1&numwant=").append(announce.numWant());
    url.append("&key=").append(String.format(Locale.ROOT, "%08x", announce.key()));
    if (announce.event() != AnnounceEvent.NONE) {
      url.append("&event=").append(announce.event().word());
    }
    String id = announce.trackerId();
    if (id != null) {
      url.append("&trackerid=");
      escape(id.getBytes(StandardCharsets.ISO_8859_1), url);
    }
    return url.toString();
  }

  private static void escape(byte[] bytes, StringBuilder url) {
    for (byte each : bytes) {
      char c = (char) (each & 0xff);
      boolean plain =
          (c >= '0' && c <= '9')
              || (c >= 'A' && c <= 'Z')
              || (c >= 'a' && c <= 'z')
              || "-._~".indexOf(c) >= 0;
      if (plain) {
        url.append(c);
      } else {
        url.append('%');
        url.append(Character.toUpperCase(Character.forDigit(c >> 4, 16)));
        url.append(Character.toUpperCase(Character.forDigit(c & 15, 16)));
      }
    }
  }

  /**
   * Reads an answer. The buffer's position and limit stay.
   *
   * @param body what came, without the HTTP around it, from position to limit
   * @throws TrackerException if the tracker refuses, or the answer is not one
   */
  public static TrackerAnswer parse(ByteBuffer body) throws TrackerException {
    BencodeValue root;
    try {
      // What follows the dictionary, such as a line end, does no harm.
      root = Bencode.parsePrefix(body, LIMITS, BencodeMode.LENIENT).root();
    } catch (BencodeException e) {
      throw new TrackerException("its answer is not bencode", e);
    }
    if (!(root instanceof BencodeDict dict)) {
      throw new TrackerException("its answer is not a dictionary");
    }
    String reason = dict.text("failure reason");
    if (reason != null) {
      throw new TrackerException("it says: " + SafeText.of(reason, MAX_TEXT));
    }
    if (!dict.has("interval") && !dict.has("peers") && !dict.has("peers6")) {
      throw new TrackerException("its answer has neither peers nor an interval");
    }
    return new TrackerAnswer(
        Math.max(0, dict.integer("interval").orElse(0)),
        Math.max(0, dict.integer("min interval").orElse(0)),
        Math.max(-1, dict.integer("complete").orElse(-1)),
        Math.max(-1, dict.integer("incomplete").orElse(-1)),
        peers(dict).peers(),
        externalIp(dict.string("external ip")),
        trackerId(dict.string("tracker id")),
        Optional.ofNullable(dict.text("warning message")).map(it -> SafeText.of(it, MAX_TEXT)));
  }

  private static PeerEntries peers(BencodeDict dict) {
    PeerEntries entries = new PeerEntries();
    BencodeValue peers = dict.get("peers");
    if (peers instanceof BencodeString compact) {
      entries.compact(compact.bytes(), IpAddress.V4_LENGTH);
    } else if (peers instanceof BencodeList list) {
      entries.dictionaries(list);
    }
    BencodeString peers6 = dict.string("peers6");
    if (peers6 != null) {
      entries.compact(peers6.bytes(), IpAddress.V6_LENGTH);
    }
    return entries;
  }

  private static Optional<IpAddress> externalIp(@Nullable BencodeString ip) {
    int length = ip == null ? 0 : ip.size();
    return ip != null && (length == IpAddress.V4_LENGTH || length == IpAddress.V6_LENGTH)
        ? Optional.of(IpAddress.readFrom(ip.bytes(), length))
        : Optional.empty();
  }

  private static @Nullable String trackerId(@Nullable BencodeString id) {
    if (id == null || id.size() > MAX_TRACKER_ID) {
      return null;
    }
    byte[] bytes = new byte[id.size()];
    id.bytes().get(bytes);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
