package org.peerwire.peer;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.peerwire.PeerId;

/**
 * The program behind a peer id, by the conventions of <a
 * href="https://www.bittorrent.org/beps/bep_0020.html">BEP 20</a>. A claim that anyone can make,
 * good for display alone; {@code v} in the extension handshake is the better one.
 */
public final class PeerNames {
  /** Azureus style, {@code -XXvvvv-}: two letters, then the name. */
  private static final String AZUREUS =
      """
      7T aTorrent
      AG Ares
      AN Ares
      AR Arctic
      AT Artemis
      AV Avicora
      AX BitPump
      AZ Vuze
      A~ Ares
      BB BitBuddy
      BC BitComet
      BE BitTorrent SDK
      BF BitFlu
      BG BTGetit
      BI BiglyBT
      BP BitTorrent Pro
      BR BitRocket
      BS BTSlave
      BT BitTorrent
      BW BitWombat
      BX BittorrentX
      CD Enhanced CTorrent
      CT CTorrent
      DE Deluge
      DP Propagate Data Client
      EB EBit
      ES Electric Sheep
      FD Free Download Manager
      FG FlashGet
      FW FrostWire
      FX Freebox BitTorrent
      GS GSTorrent
      HL Halite
      HN Hydranode
      KG KGet
      KT KTorrent
      LC LeechCraft
      LH LH-ABC
      LP Lphant
      LT libtorrent
      LW LimeWire
      MG MediaGet
      MO MonoTorrent
      MP MooPolice
      MR Miro
      MT MoonlightTorrent
      NX Net Transport
      OS OneSwarm
      OT OmegaTorrent
      PD Pando
      PI PicoTorrent
      PT PHPTracker
      PW peerwire
      QD QQDownload
      QT Qt torrent example
      RS Rufus
      RT Retriever
      SB Swiftbit
      SD Xunlei
      SN ShareNet
      SP BitSpirit
      SS SwarmScope
      ST SymTorrent
      SZ Shareaza
      TE Terasaur
      TL Tribler
      TN Torrent.NET
      TR Transmission
      TS TorrentStorm
      TT TuoTu
      TX Tixati
      UL uLeecher
      UM \u00b5Torrent for Mac
      UT \u00b5Torrent
      UW \u00b5Torrent Web
      VG Vagaa
      WD WebTorrent Desktop
      WT BitLet
      WW WebTorrent
      WY FireTorrent
      XF Xfplay
      XL Xunlei
      XT XanTorrent
      XX Xtorrent
      ZT ZipTorrent
      bk BitKitten
      lt rTorrent
      pb pbTorrent
      qB qBittorrent
      st SharkTorrent
      """;

  /** Shadow style, {@code Xvvv--}: one letter, then the name. */
  private static final String SHADOW =
      """
      A ABC
      O Osprey Permaseed
      Q BTQueue
      R Tribler
      S Shadow's client
      T BitTornado
      U UPnP NAT BitTorrent
      """;

  /** Mainline style, {@code M7-10-5--}: one letter, then the name. */
  private static final String MAINLINE =
      """
      M BitTorrent
      Q Queen Bee
      """;

  /** Digits beyond 9, as Shadow's client writes them. */
  private static final String DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.-";

  private static final Map<String, String> AZUREUS_NAMES = table(AZUREUS);
  private static final Map<String, String> SHADOW_NAMES = table(SHADOW);
  private static final Map<String, String> MAINLINE_NAMES = table(MAINLINE);

  private PeerNames() {}

  /**
   * Name and version, such as {@code qBittorrent 4.5.2}; for letters that are not known here, the
   * letters and the version; null if the id follows no convention. Safe to show.
   */
  public static @Nullable String of(PeerId peer) {
    String id = new String(peer.toBytes(), StandardCharsets.ISO_8859_1);
    if (id.charAt(0) == '-' && id.charAt(7) == '-') {
      return azureus(id.substring(1, 3), id.substring(3, 7));
    }
    String mainline = MAINLINE_NAMES.get(id.substring(0, 1));
    if (mainline != null) {
      String version = mainlineVersion(id);
      if (version != null) {
        return mainline + " " + version;
      }
    }
    String shadow = SHADOW_NAMES.get(id.substring(0, 1));
    return shadow == null ? null : shadow(shadow, id);
  }

  private static @Nullable String azureus(String code, String version) {
    String name = AZUREUS_NAMES.getOrDefault(code, code);
    for (int i = 0; i < 4; i++) {
      if (!isLetterOrDigit(version.charAt(i))) {
        return AZUREUS_NAMES.containsKey(code) ? name : null;
      }
    }
    if (!AZUREUS_NAMES.containsKey(code)
        && !(isLetterOrDigit(code.charAt(0)) && isLetterOrDigit(code.charAt(1)))) {
      return null;
    }
    if (code.equals("TR") && version.charAt(0) < '4') {
      // Up to its third version, the second number had two digits.
      return name + " " + version.charAt(0) + "." + version.substring(1, 3);
    }
    return name + " " + dotted(version, 2);
  }

  private static @Nullable String shadow(String name, String id) {
    int end = 1;
    while (end < 6 && DIGITS.indexOf(id.charAt(end)) >= 0 && id.charAt(end) != '-') {
      end++;
    }
    return end > 1 && id.startsWith("--", end)
        ? name + " " + dotted(id.substring(1, end), 1)
        : null;
  }

  /** Three numbers with a dash behind each, and another dash. */
  private static @Nullable String mainlineVersion(String id) {
    StringBuilder version = new StringBuilder();
    int at = 1;
    for (int i = 0; i < 3; i++) {
      int start = at;
      while (at < start + 3 && id.charAt(at) >= '0' && id.charAt(at) <= '9') {
        at++;
      }
      if (at == start || id.charAt(at) != '-') {
        return null;
      }
      version.append(i == 0 ? "" : ".").append(id, start, at);
      at++;
    }
    return id.charAt(at) == '-' ? version.toString() : null;
  }

  /** One number a character, without the zeros at the end but for the first few. */
  private static String dotted(String version, int least) {
    int length = version.length();
    while (length > least && version.charAt(length - 1) == '0') {
      length--;
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(i == 0 ? "" : ".").append(DIGITS.indexOf(version.charAt(i)));
    }
    return text.toString();
  }

  private static boolean isLetterOrDigit(char c) {
    int index = DIGITS.indexOf(c);
    return index >= 0 && index < 62;
  }

  private static Map<String, String> table(String lines) {
    Map<String, String> names = new HashMap<>();
    lines.lines().forEach(line -> put(names, line.split(" ", 2)));
    return names;
  }

  private static void put(Map<String, String> names, String[] entry) {
    if (names.put(entry[0], entry[1]) != null) {
      throw new IllegalStateException("twice: " + entry[0]);
    }
  }
}
