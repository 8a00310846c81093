package org.peerwire.swarm.metainfo;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.peerwire.InfoHash;

/** Magnet links: T22 to T24. */
class MagnetLinkTest {
  private static final String HEX = "0123456789abcdef0123456789ABCDEF01234567";
  private static final String XT = "magnet:?xt=urn:btih:" + HEX;

  private static MetainfoFault fault(String link) {
    MetainfoException e =
        catchThrowableOfType(MetainfoException.class, () -> MagnetLink.parse(link));
    assertThat(e).as(link).isNotNull();
    return e.fault();
  }

  @Test
  void allThatALinkMaySay() throws Exception {
    MagnetLink link =
        MagnetLink.parse(
            XT
                + "&dn=A+%C3%BC%20file&tr=udp%3A%2F%2Ft%3A1%2F&tr.1=http://u/a?b&tr=udp://t:1/&x.pe=127.0.0.1:6881"
                + "&x.pe=%5B::1%5D:6882&x.pe=host.example:1024&so=0,2,4,6-8&ws=http://w/&xl=5&unknown");
    assertThat(link.infoHash()).isEqualTo(InfoHash.parse(HEX));
    assertThat(link.displayName()).hasValue("A ü file");
    assertThat(link.trackers()).containsExactly("udp://t:1/", "http://u/a?b");
    assertThat(link.peers())
        .extracting(HostPort::toString)
        .containsExactly("127.0.0.1:6881", "[::1]:6882", "host.example:1024");
    FileSelection selection = link.selection().orElseThrow();
    assertThat(selection.size()).isEqualTo(6);
    assertThat(List.of(0, 2, 4, 6, 7, 8)).allMatch(selection::contains);
    assertThat(selection.contains(5)).isFalse();
    assertThat(link.infoHashV2()).isEmpty();
  }

  @Test
  void base32IsTheSameHash() throws Exception {
    // RFC 4648 of the twenty bytes of "abcdefghijklmnopqrst".
    MagnetLink link = MagnetLink.parse("magnet:?xt=urn:btih:MFRGGZDFMZTWQ2LKNNWG23TPOBYXE43U");
    assertThat(link.infoHash()).isEqualTo(InfoHash.of("abcdefghijklmnopqrst".getBytes(US_ASCII)));
    assertThat(MagnetLink.parse("magnet:?xt=urn:btih:mfrggzdfmztwq2lknnwg23tpobyxe43u").infoHash())
        .isEqualTo(link.infoHash());
  }

  @Test
  void aHybridHasBothHashes() throws Exception {
    String v2 = "ab".repeat(32);
    MagnetLink link = MagnetLink.parse("MAGNET:?xt=urn:btmh:1220" + v2 + "&amp;xt=urn:btih:" + HEX);
    assertThat(link.infoHash()).isEqualTo(InfoHash.parse(HEX));
    assertThat(link.infoHashV2().orElseThrow()).hasToString(v2);
    MagnetLink only = MagnetLink.parse("magnet:?xt.1=urn:btmh:1220" + v2);
    assertThat(only.infoHash()).isEqualTo(InfoHash.parse("ab".repeat(20)));
    assertThat(only.infoHashV1()).isEmpty();
  }

  @Test
  void aLinkNamesItsTorrentByEveryHash() throws Exception {
    Metainfo torrent = Torrents.parse(Torrents.single("a", 1));
    String xt = "magnet:?xt=urn:btih:" + torrent.infoHash();
    assertThat(MagnetLink.parse(xt).names(torrent)).isTrue();
    assertThat(MagnetLink.parse(XT).names(torrent)).isFalse();
    assertThat(MagnetLink.parse(xt + "&xt=urn:btmh:1220" + "ab".repeat(32)).names(torrent))
        .isFalse();
  }

  @Test
  void t22_wrongHashes() {
    for (String wrong :
        List.of(
            HEX.substring(1),
            HEX + "0",
            "g" + HEX.substring(1),
            "",
            "A".repeat(31),
            "A".repeat(33),
            "1".repeat(32),
            "8".repeat(32),
            "ä".repeat(40),
            "=".repeat(32))) {
      assertThat(fault("magnet:?xt=urn:btih:" + wrong)).isEqualTo(MetainfoFault.MAGNET_HASH);
    }
    for (String wrong :
        List.of(
            "1220" + "ab".repeat(31),
            "1114" + "ab".repeat(20),
            "1221" + "ab".repeat(32),
            "1220" + "xy".repeat(32),
            "")) {
      assertThat(fault("magnet:?xt=urn:btmh:" + wrong)).isEqualTo(MetainfoFault.MAGNET_HASH);
    }
    assertThat(fault(XT + "&xt=urn:btih:" + "ab".repeat(20))).isEqualTo(MetainfoFault.MAGNET_HASH);
    for (String none :
        List.of("magnet:?", "magnet:?dn=x", "magnet:?xt=urn:sha1:" + HEX, "magnet:?xt=" + HEX)) {
      assertThat(fault(none)).isEqualTo(MetainfoFault.MAGNET_NO_HASH);
    }
    for (String wrong :
        List.of(
            "",
            "http://x/",
            "magnet:",
            "magnet:xt=urn:btih:" + HEX,
            XT + "&dn=%",
            XT + "&dn=%4",
            XT + "&tr=%zz",
            XT + "&dn=%-1")) {
      assertThat(fault(wrong)).isEqualTo(MetainfoFault.MAGNET_SYNTAX);
    }
  }

  @Test
  void t22_longLinks() throws Exception {
    StringBuilder many = new StringBuilder(XT);
    for (int i = 0; i < 3_000; i++) {
      many.append("&tr=udp://t").append(i);
    }
    assertThat(MagnetLink.parse(many.toString()).trackers()).hasSize(100);
    StringBuilder peers = new StringBuilder(XT);
    for (int i = 0; i < 3_000; i++) {
      peers.append("&x.pe=h:").append(2_000 + i);
    }
    assertThat(MagnetLink.parse(peers.toString()).peers()).hasSize(100);
    assertThat(fault(XT + "&dn=" + "x".repeat(1 << 20))).isEqualTo(MetainfoFault.MAGNET_TOO_LONG);
    assertThat(MagnetLink.parse(XT + "&dn=" + "x".repeat(60_000)).displayName().orElseThrow())
        .hasSizeLessThan(300);
    assertThat(MagnetLink.parse(XT + "&dn=%1b%5b2J").displayName()).hasValue("\\u{1b}[2J");
    assertThat(MagnetLink.parse(XT + "&tr=file:///x&tr=http://a%0d%0ab/").trackers()).isEmpty();
  }

  @Test
  void t23_peersAreHintsAndPrivilegedPortsAreNone() throws Exception {
    for (String wrong :
        List.of(
            "169.254.169.254:80",
            "[::1]:22",
            "host",
            "host:",
            ":6881",
            "host:0",
            "host:65536",
            "host:99999999999",
            "::1:6881",
            "a/b:6881",
            "u@h:6881",
            "h:+6881",
            "h h:6881",
            "[]:6881",
            "h:6881x")) {
      assertThat(MagnetLink.parse(XT + "&x.pe=" + wrong).peers()).as(wrong).isEmpty();
    }
    // Where it points is for the dialler to judge, after resolving it.
    assertThat(MagnetLink.parse(XT + "&x.pe=127.0.0.1:65535").peers())
        .containsExactly(new HostPort("127.0.0.1", 65_535));
  }

  @Test
  void t24_selections() throws Exception {
    for (String wrong :
        List.of(
            "0-4000000000",
            "1048576",
            "-1",
            "5-3",
            "",
            "1,,2",
            "a",
            "1-",
            "1-2-3",
            "+1",
            "1 ",
            "99999999999999999999")) {
      assertThat(fault(XT + "&so=" + wrong)).as(wrong).isEqualTo(MetainfoFault.MAGNET_SELECTION);
    }
    assertThat(FileSelection.parse("0-1048575").size()).isEqualTo(1 << 20);
    assertThat(FileSelection.parse("7,0-2,1,3")).hasToString("0-3,7");
    assertThat(FileSelection.parse("1" + ",1".repeat(999)).size()).isEqualTo(1);
    assertThat(fault(XT + "&so=1" + ",1".repeat(1_000))).isEqualTo(MetainfoFault.MAGNET_SELECTION);
  }

  @Test
  void theTorrentHasTheTrackersOfTheLink() throws Exception {
    byte[] info =
        ("d6:lengthi1e4:name1:a12:piece lengthi16384e6:pieces20:" + "x".repeat(20) + "e")
            .getBytes(US_ASCII);
    String hash = "xt=urn:btih:" + Metainfo.parseInfo(info).infoHash();
    Metainfo without = MagnetLink.parse("magnet:?" + hash).torrent(info);
    assertThat(without.announceTiers()).isEmpty();
    MagnetLink link =
        MagnetLink.parse("magnet:?" + hash + "&tr=udp://a.example:1&tr=http://b.example/announce");
    Metainfo with = link.torrent(info);
    assertThat(with.announceTiers())
        .containsExactly(List.of("udp://a.example:1", "http://b.example/announce"));
    assertThat(link.names(with)).isTrue();
    assertThatThrownBy(() -> link.torrent("i1e".getBytes(US_ASCII)))
        .isInstanceOf(MetainfoException.class);
  }
}
