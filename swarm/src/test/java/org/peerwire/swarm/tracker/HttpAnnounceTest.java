package org.peerwire.swarm.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.IpAddress;
import org.peerwire.PeerAddress;

/** What an HTTP tracker is asked, and what it may answer. */
class HttpAnnounceTest {
  private static TrackerAnswer parse(String answer) throws TrackerException {
    return HttpAnnounce.parse(ByteBuffer.wrap(answer.getBytes(StandardCharsets.ISO_8859_1)));
  }

  private static PeerAddress peer(String ip, int port) {
    return new PeerAddress(IpAddress.parse(ip), port);
  }

  @Test
  void theAddressSaysAllOfIt() {
    assertThat(
            HttpAnnounce.url(
                "http://t.example/announce", Announces.of(AnnounceEvent.STARTED, null)))
        .isEqualTo(
            "http://t.example/announce?info_hash=%01%23Eg%89%AB%CD%EF%01%23Eg%89%AB%CD%EF%01%23Eg"
                + "&peer_id=-PW0100-abcdefghijkl&port=6881&uploaded=1&downloaded=22&left=333"
                + "&compact=1&numwant=50&key=0000cafe&event=started");
  }

  @Test
  void aQueryStaysAndATrackerIdIsSaidAgain() {
    String url =
        HttpAnnounce.url("http://t.example/a?key=x#here", Announces.of(AnnounceEvent.NONE, "ab ü"));
    assertThat(url)
        .startsWith("http://t.example/a?key=x&info_hash=%01")
        .doesNotContain("event", "#");
    assertThat(url).endsWith("&trackerid=ab%20%FC");
  }

  @Test
  void allThatAnAnswerMaySay() throws Exception {
    TrackerAnswer answer =
        parse(
            "d8:completei3e11:external ip4:\1\2\3\4"
                + "10:incompletei4e8:intervali900e12:min intervali60e"
                + "5:peers12:\12\0\0\1\32\341\300\0\2\7\32\342"
                + "6:peers618:\40\1\15\270\0\0\0\0\0\0\0\0\0\0\0\1\32\341"
                + "10:tracker id3:a\377b15:warning message4:slow"
                + "e");
    assertThat(answer.interval()).isEqualTo(900);
    assertThat(answer.minInterval()).isEqualTo(60);
    assertThat(answer.seeders()).isEqualTo(3);
    assertThat(answer.leechers()).isEqualTo(4);
    assertThat(answer.externalIp()).contains(IpAddress.parse("1.2.3.4"));
    assertThat(answer.trackerId()).isEqualTo("a\u00ffb");
    assertThat(answer.warning()).contains("slow");
    assertThat(answer.peers())
        .containsExactly(
            peer("10.0.0.1", 6881), peer("192.0.2.7", 6882), peer("2001:db8::1", 6881));
  }

  @Test
  void peersAsDictionariesAndOnlyThoseWithNumbers() throws Exception {
    TrackerAnswer answer =
        parse(
            "d8:intervali1e5:peersl"
                + "d2:ip9:192.0.2.17:peer id20:aaaaaaaaaaaaaaaaaaaa4:porti6881ee"
                + "d2:ip11:2001:db8::24:porti80ee"
                + "d2:ip12:evil.example4:porti6881ee"
                + "d2:ip9:192.0.2.24:porti0ee"
                + "d2:ip9:192.0.2.24:porti65536ee"
                + "d2:ip9:192.0.2.2ei7e0:ee");
    assertThat(answer.peers()).containsExactly(peer("192.0.2.1", 6881), peer("2001:db8::2", 80));
    assertThat(answer.seeders()).isEqualTo(-1);
  }

  @Test
  void anEntryThatIsCutOffIsNotRead() throws Exception {
    assertThat(parse("d5:peers7:\300\0\2\1\32\341\1e").peers())
        .containsExactly(peer("192.0.2.1", 6881));
  }

  @Test
  void aFailureIsShownEscapedAndShortened() {
    assertThatThrownBy(() -> parse("d14:failure reason300:\33[31m" + "x".repeat(295) + "e"))
        .isInstanceOf(TrackerException.class)
        .hasMessageStartingWith("it says: \\u{1b}[31mxxx")
        .hasMessageEndingWith("\u2026")
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(230));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "<html>it works!</html>",
        "i1e",
        "le",
        "de",
        "d8:intervali900e",
        "d5:peers99999999999:xe",
        "d5:peers2147483647:xe",
        "d8:intervali99999999999999999999ee"
      })
  void whatIsNoAnswerIsSaidToBeNone(String answer) {
    assertThatThrownBy(() -> parse(answer))
        .isInstanceOf(TrackerException.class)
        .hasMessageStartingWith("its answer");
  }

  @Test
  void nestingAndSizeAreBounded() {
    assertThatThrownBy(() -> parse("d1:a" + "l".repeat(50_000)))
        .isInstanceOf(TrackerException.class);
    byte[] huge = new byte[HttpAnnounce.MAX_ANSWER + 1];
    assertThatThrownBy(() -> HttpAnnounce.parse(ByteBuffer.wrap(huge)))
        .isInstanceOf(TrackerException.class);
  }

  @Test
  void ofManyPeersTheFirstAreRead() throws Exception {
    int most = TrackerAnswer.MAX_PEERS;
    String one = "\300\0\2\1\32\341";
    for (int count : List.of(most - 1, most, most + 1, 174_000)) {
      String answer = "d5:peers" + 6 * count + ":" + one.repeat(count) + "e";
      assertThat(answer.length()).isLessThanOrEqualTo(HttpAnnounce.MAX_ANSWER);
      assertThat(parse(answer).peers()).hasSize(Math.min(count, most));
    }
  }

  @Test
  void numbersBelowZeroAreNone() throws Exception {
    TrackerAnswer answer = parse("d8:completei-5e8:intervali-1e12:min intervali-7ee");
    assertThat(answer.interval()).isZero();
    assertThat(answer.minInterval()).isZero();
    assertThat(answer.seeders()).isEqualTo(-1);
  }

  @Test
  void anAddressOrIdOfAnotherLengthIsIgnored() throws Exception {
    String id = "x".repeat(257);
    TrackerAnswer answer =
        parse("d11:external ip5:12345" + "8:intervali1e10:tracker id257:" + id + "e");
    assertThat(answer.externalIp()).isEmpty();
    assertThat(answer.trackerId()).isNull();
  }
}
