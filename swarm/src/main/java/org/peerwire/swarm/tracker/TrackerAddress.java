package org.peerwire.swarm.tracker;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import org.peerwire.IpAddress;
import org.peerwire.IpScope;

/**
 * Where a tracker is, and whether it may be asked. Whoever wrote a torrent or a magnet link chose
 * its trackers, and could choose what only we can reach: a service of this machine, or of the
 * network it is in.
 *
 * @param url as it was written
 * @param protocol how it is spoken to
 * @param host a name or an address, an IPv6 one without brackets; not resolved
 * @param port 1 to 65535
 * @param path with the query, as written; may be empty
 */
public record TrackerAddress(String url, Protocol protocol, String host, int port, String path) {
  private static final int FIRST_UNPRIVILEGED_PORT = 1_024;
  private static final int MAX_CHARS = 2_048;
  private static final int MAX_HOST = 253;

  /** How a tracker is spoken to. */
  public enum Protocol {
    /** BEP 3. */
    HTTP(80),
    /** BEP 3, over TLS. */
    HTTPS(443),
    /** BEP 15. */
    UDP(0);

    private final int usualPort;

    Protocol(int usualPort) {
      this.usualPort = usualPort;
    }

    static Optional<Protocol> of(String scheme) {
      return switch (scheme.toLowerCase(Locale.ROOT)) {
        case "http" -> Optional.of(HTTP);
        case "https" -> Optional.of(HTTPS);
        case "udp" -> Optional.of(UDP);
        default -> Optional.empty();
      };
    }
  }

  /** Reads an address; empty if it is not one of a tracker that can be asked. */
  public static Optional<TrackerAddress> parse(String url) {
    if (url.length() > MAX_CHARS) {
      return Optional.empty();
    }
    try {
      URI uri = new URI(url);
      String host = uri.getHost();
      if (host == null || host.length() > MAX_HOST || uri.getScheme() == null) {
        return Optional.empty();
      }
      return Protocol.of(uri.getScheme())
          .map(protocol -> of(url, uri, protocol, host))
          .filter(address -> address.port >= 1 && address.port <= 0xffff);
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private static TrackerAddress of(String url, URI uri, Protocol protocol, String host) {
    boolean v6 = host.startsWith("[") && host.endsWith("]");
    String query = uri.getRawQuery();
    return new TrackerAddress(
        url,
        protocol,
        v6 ? host.substring(1, host.length() - 1) : host,
        uri.getPort() < 0 ? protocol.usualPort : uri.getPort(),
        uri.getRawPath() + (query == null ? "" : "?" + query));
  }

  /**
   * Whether it may be asked at the address that its name has turned out to stand for. A public one
   * may. One of this machine or of a private network may if the user named it, or if it looks like
   * a tracker and cannot do much else: its path begins with {@code /announce}, it brings no query,
   * and its port is not one of the system's services.
   *
   * @param ip one of the host's addresses
   * @param named whether the user named the tracker
   */
  public boolean mayBeAsked(IpAddress ip, boolean named) {
    return switch (ip.scope()) {
      case GLOBAL -> true;
      case NONE -> false;
      case LINK -> named;
      case LOOPBACK, PRIVATE -> named || looksHarmless();
    };
  }

  private boolean looksHarmless() {
    boolean usual = path.startsWith("/announce") && path.indexOf('?') < 0;
    boolean empty = protocol == Protocol.UDP && (path.isEmpty() || path.equals("/"));
    return port >= FIRST_UNPRIVILEGED_PORT && (usual || empty);
  }

  /**
   * Whether a tracker may send us on, from one address to another: never inward, to what a stranger
   * can't reach, and never from TLS to none.
   */
  public static boolean mayRedirect(
      TrackerAddress from, IpAddress fromIp, TrackerAddress to, IpAddress toIp) {
    IpScope scope = toIp.scope();
    boolean inward = scope != IpScope.GLOBAL && (scope == IpScope.NONE || scope != fromIp.scope());
    return !inward
        && to.protocol != Protocol.UDP
        && (from.protocol != Protocol.HTTPS || to.protocol == Protocol.HTTPS);
  }
}
