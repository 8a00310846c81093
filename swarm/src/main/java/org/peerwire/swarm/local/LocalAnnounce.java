package org.peerwire.swarm.local;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.peerwire.InfoHash;

/**
 * What a peer says to its local network, in one datagram.
 *
 * @param infoHashes the torrents that it has or wants, each once
 * @param port where it listens for peers, 1 to 65535
 * @param cookie by which the sender knows its own announces again; empty if there is none
 */
public record LocalAnnounce(List<InfoHash> infoHashes, int port, String cookie) {
  /** No datagram is longer, in bytes. */
  public static final int MAX_LENGTH = 1_400;

  /** How many torrents are announced at once at the most: they fit. */
  public static final int MAX_INFO_HASHES = 24;

  private static final int MAX_COOKIE = 32;
  private static final int MAX_PORT = 65_535;
  private static final String METHOD = "BT-SEARCH * HTTP/1.1";
  private static final String END_OF_LINE = "\r\n";
  private static final Pattern HEADER = Pattern.compile("[!-9;-~]+:[\t -~]*");
  private static final Pattern HASH = Pattern.compile("[0-9a-fA-F]{40}");
  private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");
  private static final Pattern COOKIE = Pattern.compile("[!-~]{0," + MAX_COOKIE + "}");

  /** Copies the list. */
  public LocalAnnounce {
    infoHashes = List.copyOf(infoHashes);
  }

  /**
   * The datagram.
   *
   * @param host the group that it is sent to, as {@code 239.192.152.143:6771}
   * @throws IllegalArgumentException if there are no torrents or more than {@link
   *     #MAX_INFO_HASHES}, or the port or the cookie is none
   */
  public ByteBuffer toDatagram(String host) {
    if (infoHashes.isEmpty()
        || infoHashes.size() > MAX_INFO_HASHES
        || port < 1
        || port > MAX_PORT
        || !COOKIE.matcher(cookie).matches()) {
      throw new IllegalArgumentException("not to be announced: " + this);
    }
    StringBuilder text = new StringBuilder(MAX_LENGTH).append(METHOD).append(END_OF_LINE);
    append(text, "Host", host);
    append(text, "Port", Integer.toString(port));
    infoHashes.forEach(infoHash -> append(text, "Infohash", infoHash.toString()));
    if (!cookie.isEmpty()) {
      append(text, "cookie", cookie);
    }
    text.append(END_OF_LINE).append(END_OF_LINE);
    return ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.ISO_8859_1));
  }

  private static void append(StringBuilder text, String name, String value) {
    text.append(name).append(": ").append(value).append(END_OF_LINE);
  }

  /**
   * Reads a datagram. Names may be written in capitals or not, the host and the cookie may be
   * missing, and headers that are not known are skipped, as BEP 14 says.
   *
   * @param datagram from position to limit, which stay
   * @return empty if it is anything else, or too long
   */
  public static Optional<LocalAnnounce> parse(ByteBuffer datagram) {
    if (datagram.remaining() > MAX_LENGTH) {
      return Optional.empty();
    }
    return new Reader(StandardCharsets.ISO_8859_1.decode(datagram.duplicate()).toString()).read();
  }

  /** Reads line by line. */
  private static final class Reader {
    private final String text;
    private final Set<InfoHash> infoHashes = new LinkedHashSet<>();
    private int at;
    private @Nullable String port;
    private @Nullable String cookie;

    Reader(String text) {
      this.text = text;
    }

    Optional<LocalAnnounce> read() {
      String line = line();
      if (line == null || !line.equalsIgnoreCase(METHOD)) {
        return Optional.empty();
      }
      for (line = line(); line != null && !line.isEmpty(); line = line()) {
        if (!header(line)) {
          return Optional.empty();
        }
      }
      String rest = text.substring(at);
      boolean ended = line != null && (rest.isEmpty() || rest.equals(END_OF_LINE));
      int number = port == null ? 0 : Integer.parseInt(port);
      if (!ended || number < 1 || number > MAX_PORT || infoHashes.isEmpty()) {
        return Optional.empty();
      }
      return Optional.of(
          new LocalAnnounce(List.copyOf(infoHashes), number, cookie == null ? "" : cookie));
    }

    /** The next line without its end; null if there is none that has one. */
    private @Nullable String line() {
      int end = text.indexOf(END_OF_LINE, at);
      if (end < 0) {
        return null;
      }
      String line = text.substring(at, end);
      at = end + END_OF_LINE.length();
      return line;
    }

    private boolean header(String line) {
      if (!HEADER.matcher(line).matches()) {
        return false;
      }
      int colon = line.indexOf(':');
      String value = line.substring(colon + 1).strip();
      switch (line.substring(0, colon).toLowerCase(Locale.ROOT)) {
        case "infohash" -> {
          return HASH.matcher(value).matches() && infoHashes.add(InfoHash.parse(value));
        }
        case "port" -> {
          boolean right = port == null && PORT.matcher(value).matches();
          port = value;
          return right;
        }
        case "cookie" -> {
          boolean right = cookie == null && COOKIE.matcher(value).matches();
          cookie = value;
          return right;
        }
        default -> {
          return true;
        }
      }
    }
  }
}
