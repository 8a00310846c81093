package org.peerwire.swarm.metainfo;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.peerwire.InfoHash;
import org.peerwire.SafeText;
import org.peerwire.bencode.BencodeWriter;

/**
 * A magnet link (<a href="https://www.bittorrent.org/beps/bep_0009.html">BEP 9</a>, <a
 * href="https://www.bittorrent.org/beps/bep_0052.html">BEP 52</a>, <a
 * href="https://www.bittorrent.org/beps/bep_0053.html">BEP 53</a>). Immutable.
 */
public final class MagnetLink {
  /** The longest link that is read, in characters. */
  public static final int MAX_LENGTH = 64 << 10;

  /** How many addresses of each kind are kept; further ones are left out. */
  public static final int MAX_ADDRESSES = 100;

  private static final int FIRST_UNPRIVILEGED_PORT = 1_024;

  private final @Nullable InfoHash v1;
  private final @Nullable InfoHashV2 v2;
  private final @Nullable String displayName;
  private final List<String> trackers;
  private final List<HostPort> peers;
  private final @Nullable FileSelection selection;

  private MagnetLink(Draft draft) {
    this.v1 = draft.v1;
    this.v2 = draft.v2;
    this.displayName = draft.displayName;
    this.trackers = List.copyOf(draft.trackers);
    this.peers = List.copyOf(draft.peers);
    this.selection = draft.selection;
  }

  /** Whether {@code text} begins like a magnet link, of whatever kind. */
  public static boolean looksLike(String text) {
    return text.regionMatches(true, 0, "magnet:", 0, 7);
  }

  /**
   * Reads a link.
   *
   * @throws MetainfoException if it is not a valid one of BitTorrent
   */
  public static MagnetLink parse(String link) throws MetainfoException {
    if (link.length() > MAX_LENGTH) {
      throw new MetainfoException(MetainfoFault.MAGNET_TOO_LONG);
    }
    if (!link.regionMatches(true, 0, "magnet:?", 0, 8)) {
      throw new MetainfoException(MetainfoFault.MAGNET_SYNTAX);
    }
    Draft draft = new Draft();
    int at = 8;
    while (at < link.length()) {
      int end = link.indexOf('&', at);
      end = end < 0 ? link.length() : end;
      draft.parameter(link.substring(at, end));
      at = end + 1;
    }
    if (draft.v1 == null && draft.v2 == null) {
      throw new MetainfoException(MetainfoFault.MAGNET_NO_HASH);
    }
    return new MagnetLink(draft);
  }

  /** What has been read so far. */
  private static final class Draft {
    private @Nullable InfoHash v1;
    private @Nullable InfoHashV2 v2;
    private @Nullable String displayName;
    private final Set<String> trackers = new LinkedHashSet<>();
    private final Set<HostPort> peers = new LinkedHashSet<>();
    private @Nullable FileSelection selection;

    private void parameter(String parameter) throws MetainfoException {
      int equals = parameter.indexOf('=');
      if (equals < 0) {
        return;
      }
      String value = parameter.substring(equals + 1);
      switch (key(parameter.substring(0, equals))) {
        case "xt" -> exactTopic(PercentEncoding.decode(value));
        case "dn" -> {
          if (displayName == null) {
            // Names come from forms, where a plus is a space.
            displayName = SafeText.of(PercentEncoding.decode(value.replace('+', ' ')));
          }
        }
        case "tr" -> {
          String url = PercentEncoding.decode(value);
          if (trackers.size() < MAX_ADDRESSES && Trackers.isUsable(url)) {
            trackers.add(url);
          }
        }
        case "x.pe" -> peer(PercentEncoding.decode(value));
        case "so" -> selection = FileSelection.parse(PercentEncoding.decode(value));
        default -> {}
      }
    }

    /**
     * {@code tr.1} and {@code xt.2} are ways to write a key more than once; {@code amp;} is left
     * over from HTML.
     */
    private static String key(String key) {
      String plain = key.startsWith("amp;") ? key.substring(4) : key;
      int end = plain.length();
      while (end > 0 && plain.charAt(end - 1) >= '0' && plain.charAt(end - 1) <= '9') {
        end--;
      }
      return end > 1 && end < plain.length() && plain.charAt(end - 1) == '.'
          ? plain.substring(0, end - 1)
          : plain;
    }

    private void exactTopic(String topic) throws MetainfoException {
      if (topic.regionMatches(true, 0, "urn:btih:", 0, 9)) {
        InfoHash hash = MagnetHashes.v1(topic.substring(9));
        if (v1 != null && !v1.equals(hash)) {
          throw new MetainfoException(MetainfoFault.MAGNET_HASH, "there are two that differ");
        }
        v1 = hash;
      } else if (topic.regionMatches(true, 0, "urn:btmh:", 0, 9)) {
        InfoHashV2 hash = MagnetHashes.v2(topic.substring(9));
        if (v2 != null && !v2.equals(hash)) {
          throw new MetainfoException(MetainfoFault.MAGNET_HASH, "there are two that differ");
        }
        v2 = hash;
      }
    }

    /** Bad addresses are left out: they are hints, and the link serves without them. */
    private void peer(String text) {
      int colon = text.lastIndexOf(':');
      if (colon < 1 || text.length() - colon > 6 || peers.size() == MAX_ADDRESSES) {
        return;
      }
      String host = text.substring(0, colon);
      if (host.startsWith("[") && host.endsWith("]")) {
        host = host.substring(1, host.length() - 1);
      } else if (host.indexOf(':') >= 0) {
        return;
      }
      int port = 0;
      for (int i = colon + 1; i < text.length(); i++) {
        int digit = text.charAt(i) - '0';
        if (digit < 0 || digit > 9) {
          return;
        }
        port = port * 10 + digit;
      }
      boolean hostOk =
          !host.isEmpty()
              && host.length() <= 253
              && host.chars().allMatch(c -> c > ' ' && c < 0x7F && "/@[]?#".indexOf(c) < 0);
      // Nobody's BitTorrent client listens below: such a link wants us to poke at another service.
      if (hostOk && port >= FIRST_UNPRIVILEGED_PORT && port <= 65_535) {
        peers.add(new HostPort(host, port));
      }
    }
  }

  /**
   * What names the torrent on the wire: the v1 info-hash if there is one, else the truncated v2
   * info-hash.
   */
  public InfoHash infoHash() {
    if (v1 != null) {
      return v1;
    }
    if (v2 != null) {
      return v2.truncated();
    }
    throw new IllegalStateException("a link without an info-hash");
  }

  /** The v1 info-hash, if the link has one. */
  public Optional<InfoHash> infoHashV1() {
    return Optional.ofNullable(v1);
  }

  /** The v2 info-hash, if the link has one. */
  public Optional<InfoHashV2> infoHashV2() {
    return Optional.ofNullable(v2);
  }

  /** Whether {@code metainfo} is the torrent this link names: by every info-hash in the link. */
  public boolean names(Metainfo metainfo) {
    return (v1 == null || metainfo.infoHashV1().filter(v1::equals).isPresent())
        && (v2 == null || metainfo.infoHashV2().filter(v2::equals).isPresent());
  }

  /**
   * The torrent with this metadata and the trackers of this link, in one tier. The bytes are
   * copied; that they are the right ones is for the caller to check, by {@link #names}.
   *
   * @param info the info dictionary's original bytes
   * @throws MetainfoException if they are not a valid info dictionary
   */
  public Metainfo torrent(byte[] info) throws MetainfoException {
    Metainfo alone = Metainfo.parseInfo(info);
    if (trackers.isEmpty()) {
      return alone;
    }
    BencodeWriter out =
        new BencodeWriter().beginDict().key("announce-list").beginList().beginList();
    trackers.forEach(out::string);
    return Metainfo.parse(
        out.end().end().key("info").encoded(alone.infoBytes()).end().toByteArray());
  }

  /**
   * The name to show until the metadata is there, shortened and safe to be shown. Not for paths.
   */
  public Optional<String> displayName() {
    return Optional.ofNullable(displayName);
  }

  /** The addresses of trackers: http, https and udp, each once. */
  public List<String> trackers() {
    return trackers;
  }

  /**
   * Peers to try, each once; ports below 1024 are left out. They are a stranger's choice, and may
   * point into the user's network: whoever dials checks the address, after resolving it.
   */
  public List<HostPort> peers() {
    return peers;
  }

  /** The files to download; absent if all. */
  public Optional<FileSelection> selection() {
    return Optional.ofNullable(selection);
  }

  /** The name, if there is one, and the info-hash. */
  @Override
  public String toString() {
    return displayName == null ? infoHash().toString() : displayName + " (" + infoHash() + ")";
  }
}
