package org.peerwire.cli;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.peerwire.IpAddress;
import org.peerwire.SafeText;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A host and a port as a user writes them: {@code host:port}, {@code 192.0.2.7:6881}, {@code
 * [2001:db8::7]:6881}.
 *
 * @param host a name or an address, without brackets; empty for every address of this machine
 * @param port 0 to 65535
 */
record Endpoint(String host, int port) {
  /** Where a peer is. */
  static Endpoint parsePeer(String text) {
    Endpoint peer = parse(text);
    if (peer == null || peer.host.isEmpty() || peer.port == 0) {
      throw new TypeConversionException(
          quoted(text) + " is not HOST:PORT, as 192.0.2.7:6881 or [2001:db8::7]:6881 is");
    }
    return peer;
  }

  /** Where to listen: the host may be missing, and the port may be 0, for any that is free. */
  static Endpoint parseListen(String text) {
    Endpoint place = parse(text.indexOf(':') < 0 ? ":" + text : text);
    if (place == null) {
      throw new TypeConversionException(
          quoted(text) + " is not [HOST:]PORT, as 6881 or 127.0.0.1:6881 is");
    }
    return place;
  }

  private static @org.jspecify.annotations.Nullable Endpoint parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      return null;
    }
    String host = text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.indexOf(':') >= 0) {
      return null;
    }
    String digits = text.substring(colon + 1);
    boolean valid =
        !digits.isEmpty()
            && digits.length() <= 5
            && digits.chars().allMatch(c -> c >= '0' && c <= '9')
            && host.chars().allMatch(c -> c > ' ' && c < 0x7f && "/@?#[]".indexOf(c) < 0);
    int port = valid ? Integer.parseInt(digits) : -1;
    return valid && port <= 0xffff ? new Endpoint(host, port) : null;
  }

  private static String quoted(String text) {
    return "'" + SafeText.of(text, 100) + "'";
  }

  /** Asks for the address; may take seconds. */
  InetSocketAddress resolve() throws UnknownHostException {
    return host.isEmpty()
        ? new InetSocketAddress(port)
        : new InetSocketAddress(InetAddress.getByName(host), port);
  }

  /** All its addresses; may take seconds. */
  InetSocketAddress[] resolveAll() throws UnknownHostException {
    InetAddress[] addresses = InetAddress.getAllByName(host);
    InetSocketAddress[] all = new InetSocketAddress[addresses.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = new InetSocketAddress(addresses[i], port);
    }
    return all;
  }

  /** An address as {@code host:port}, an IPv6 one in brackets, without asking for names. */
  static String text(InetSocketAddress address) {
    InetAddress ip = address.getAddress();
    String host = ip == null ? address.getHostString() : text(ip);
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
  }

  /** In its short form, with the zone that an IPv6 one may have. */
  private static String text(InetAddress ip) {
    String host = ip.getHostAddress();
    int zone = host.indexOf('%');
    return IpAddress.of(ip.getAddress()) + (zone < 0 ? "" : host.substring(zone));
  }

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }

  /** For picocli. */
  static final class OfPeer implements ITypeConverter<Endpoint> {
    @Override
    public Endpoint convert(String value) {
      return parsePeer(value);
    }
  }

  /** For picocli. */
  static final class OfListener implements ITypeConverter<Endpoint> {
    @Override
    public Endpoint convert(String value) {
      return parseListen(value);
    }
  }
}
