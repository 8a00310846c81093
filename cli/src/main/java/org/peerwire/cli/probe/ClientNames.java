package org.peerwire.cli.probe;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.peerwire.PeerId;

/**
 * Names clients by their peer ids (<a href="https://www.bittorrent.org/beps/bep_0020.html">BEP
 * 20</a>). Anybody may claim any name, so it is for display only.
 */
public final class ClientNames {
  /** {@code -qB4520-............}. */
  private static final Pattern AZUREUS = Pattern.compile("-([A-Za-z~]{2})([0-9A-Za-z]{4})-.*");

  /** {@code M7-10-5--...} and {@code A2-1-36-0-...}. */
  private static final Pattern DASHED = Pattern.compile("(M|Q|A2)-?(\\d{1,3}(?:-\\d{1,3}){2})-.*");

  /** {@code S58B-----...}: a letter, up to five digits of a version, dashes. */
  private static final Pattern SHADOW = Pattern.compile("([A-Z])([0-9A-Za-z.]{1,5})-{3}.*");

  private static final Map<String, String> AZUREUS_CODES =
      Map.ofEntries(
          Map.entry("7T", "aTorrent"),
          Map.entry("AZ", "Vuze"),
          Map.entry("BC", "BitComet"),
          Map.entry("BI", "BiglyBT"),
          Map.entry("BL", "BitLord"),
          Map.entry("BT", "BitTorrent"),
          Map.entry("BW", "BitTorrent Web"),
          Map.entry("CD", "Enhanced CTorrent"),
          Map.entry("CT", "CTorrent"),
          Map.entry("DE", "Deluge"),
          Map.entry("FD", "Free Download Manager"),
          Map.entry("FL", "Flud"),
          Map.entry("GT", "anacrolix/torrent"),
          Map.entry("HL", "Halite"),
          Map.entry("KG", "KGet"),
          Map.entry("KT", "KTorrent"),
          Map.entry("LT", "libtorrent (Rasterbar)"),
          Map.entry("MO", "MonoTorrent"),
          Map.entry("PI", "PicoTorrent"),
          Map.entry("PW", "peerwire"),
          Map.entry("SD", "Thunder"),
          Map.entry("TL", "Tribler"),
          Map.entry("TO", "ttorrent"),
          Map.entry("TR", "Transmission"),
          Map.entry("TX", "Tixati"),
          Map.entry("UM", "\u00b5Torrent for Mac"),
          Map.entry("UT", "\u00b5Torrent"),
          Map.entry("UW", "\u00b5Torrent Web"),
          Map.entry("WD", "WebTorrent Desktop"),
          Map.entry("WW", "WebTorrent"),
          Map.entry("XL", "Xunlei"),
          Map.entry("lt", "rTorrent (libtorrent)"),
          Map.entry("qB", "qBittorrent"),
          Map.entry("rQ", "rqbit"));

  private static final Map<String, String> OTHER_CODES =
      Map.of(
          "A", "ABC",
          "A2", "aria2",
          "M", "BitTorrent (mainline)",
          "O", "Osprey",
          "Q", "Queen Bee",
          "R", "Tribler",
          "S", "Shadow",
          "T", "BitTornado",
          "U", "UPnP NAT Bit Torrent");

  private ClientNames() {}

  /** The client that the id claims, with its version; empty if the style or code is not known. */
  public static Optional<String> of(PeerId id) {
    String text = new String(id.toBytes(), StandardCharsets.ISO_8859_1);
    Matcher azureus = AZUREUS.matcher(text);
    if (azureus.matches()) {
      String code = azureus.group(1);
      return Optional.ofNullable(AZUREUS_CODES.get(code))
          .map(name -> name + " " + version(code, azureus.group(2)));
    }
    Matcher dashed = DASHED.matcher(text);
    if (dashed.matches()) {
      return Optional.ofNullable(OTHER_CODES.get(dashed.group(1)))
          .map(name -> name + " " + dashed.group(2).replace('-', '.'));
    }
    Matcher shadow = SHADOW.matcher(text);
    if (shadow.matches()) {
      return Optional.ofNullable(OTHER_CODES.get(shadow.group(1)))
          .map(name -> name + " " + dotted(shadow.group(2)));
    }
    return Optional.empty();
  }

  private static String version(String code, String digits) {
    if (code.equals("TR") && digits.charAt(0) < '4') {
      // Two digits behind the point, until they changed it with 4.
      return digits.charAt(0) + "." + digits.substring(1, 3);
    }
    String version = dotted(digits);
    return version.endsWith(".0") ? version.substring(0, version.length() - 2) : version;
  }

  /** Each character is a number: digits, then letters from 10 on. */
  private static String dotted(String digits) {
    StringBuilder version = new StringBuilder();
    for (int i = 0; i < digits.length(); i++) {
      char digit = digits.charAt(i);
      if (digit == '.') {
        continue;
      }
      int value = digit <= '9' ? digit - '0' : digit <= 'Z' ? digit - 'A' + 10 : digit - 'a' + 36;
      version.append(version.isEmpty() ? "" : ".").append(value);
    }
    return version.toString();
  }
}
