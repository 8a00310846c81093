package org.peerwire.swarm.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.InfoHash;

class LocalAnnounceTest {
  private static final String HOST = "239.192.152.143:6771";
  private static final InfoHash ONE = InfoHash.parse("0123456789abcdef0123456789abcdef01234567");
  private static final InfoHash TWO = InfoHash.parse("ffffffffffffffffffffffffffffffffffffffff");

  @Test
  void theBytesAreThoseOfTheSpecification() {
    assertThat(text(new LocalAnnounce(List.of(ONE, TWO), 6881, "c00c1e").toDatagram(HOST)))
        .isEqualTo(
            String.join(
                "\r\n",
                "BT-SEARCH * HTTP/1.1",
                "Host: 239.192.152.143:6771",
                "Port: 6881",
                "Infohash: 0123456789abcdef0123456789abcdef01234567",
                "Infohash: ffffffffffffffffffffffffffffffffffffffff",
                "cookie: c00c1e",
                "",
                "",
                ""));
  }

  @Test
  void theLongestDatagramIsNotLongerThanItMayBe() {
    SplittableRandom random = new SplittableRandom(1);
    List<InfoHash> most = new ArrayList<>();
    for (int i = 0; i < LocalAnnounce.MAX_INFO_HASHES; i++) {
      most.add(hash(random));
    }
    LocalAnnounce longest = new LocalAnnounce(most, 65_535, "c".repeat(32));
    ByteBuffer datagram = longest.toDatagram("255.255.255.255:65535");
    assertThat(datagram.remaining()).isBetween(1_300, LocalAnnounce.MAX_LENGTH);
    assertThat(LocalAnnounce.parse(datagram)).contains(longest);
    most.add(hash(random));
    assertThatThrownBy(() -> new LocalAnnounce(most, 6881, "").toDatagram(HOST))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatIsNoAnnounceIsNotWritten() {
    for (LocalAnnounce wrong :
        List.of(
            new LocalAnnounce(List.of(), 6881, ""),
            new LocalAnnounce(List.of(ONE), 0, ""),
            new LocalAnnounce(List.of(ONE), 65_536, ""),
            new LocalAnnounce(List.of(ONE), 6881, "c".repeat(33)),
            new LocalAnnounce(List.of(ONE), 6881, "c\r\nPort: 22"))) {
      assertThatThrownBy(() -> wrong.toDatagram(HOST)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void anyAnnounceIsReadAsItWasWritten() {
    for (long seed = 1; seed <= 2_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      List<InfoHash> some = new ArrayList<>();
      for (int i = random.nextInt(LocalAnnounce.MAX_INFO_HASHES); i >= 0; i--) {
        some.add(hash(random));
      }
      StringBuilder cookie = new StringBuilder();
      random.ints(random.nextInt(33), '!', 0x7f).forEach(c -> cookie.append((char) c));
      LocalAnnounce announce =
          new LocalAnnounce(some, 1 + random.nextInt(65_535), cookie.toString());
      ByteBuffer datagram = announce.toDatagram(HOST);
      assertThat(LocalAnnounce.parse(datagram)).as("seed " + seed).contains(announce);
      String shouted =
          text(datagram)
              .replaceAll("(?m)^(Host|Port|Infohash|cookie): ", "$1:\t")
              .replace("Infohash", random.nextBoolean() ? "INFOHASH" : "infohash")
              .replace("Port", random.nextBoolean() ? "PORT" : "port")
              .replace("BT-SEARCH", random.nextBoolean() ? "bt-search" : "Bt-Search");
      assertThat(parsed(shouted)).as("seed " + seed).contains(announce);
    }
  }

  @Test
  void hostAndCookieMayBeMissingAndHeadersUnknown() {
    LocalAnnounce announce = new LocalAnnounce(List.of(ONE), 6881, "");
    assertThat(
            parsed(
                "BT-SEARCH * HTTP/1.1\r\nInfohash:"
                    + ONE
                    + "\r\nX-New: thing\r\nPort:6881\r\n\r\n"))
        .contains(announce);
    String upper = ONE.toString().toUpperCase(Locale.ROOT);
    assertThat(parsed("BT-SEARCH * HTTP/1.1\r\nPort: 6881 \r\nInfohash: " + upper + "\r\n\r\n\r\n"))
        .contains(announce);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\r\n",
        "BT-SEARCH",
        "BT-SEARCH * HTTP/1.1\r\n",
        "BT-SEARCH * HTTP/1.1\r\nPort: 6881\r\nInfohash: H\r\n",
        "BT-SEARCH * HTTP/1.1\r\nPort: 6881\r\nInfohash: H\r\n\r\n\r\n\r\n",
        "BT-SEARCH * HTTP/1.1\r\nPort: 6881\r\nInfohash: H\r\n\r\nbody",
        "BT-SEARCH * HTTP/1.1\nPort: 6881\nInfohash: H\n\n",
        "BT-SEARCH * HTTP/1.0\r\nPort: 6881\r\nInfohash: H\r\n\r\n",
        "NOTIFY * HTTP/1.1\r\nPort: 6881\r\nInfohash: H\r\n\r\n",
        " BT-SEARCH * HTTP/1.1\r\nPort: 6881\r\nInfohash: H\r\n\r\n",
        "BT-SEARCH * HTTP/1.1\r\nInfohash: H\r\n\r\n",
        "BT-SEARCH * HTTP/1.1\r\nPort: 6881\r\n\r\n",
        "BT-SEARCH * HTTP/1.1\r\nPort: 0\r\nInfohash: H\r\n\r\n",
        "BT-SEARCH * HTTP/1.1\r\nPort: 65536\r\nInfohash: H\r\n\r\n",
        "BT-SEARCH * HTTP/1.1\r\nPort: 4294974177\r\nInfohash: H\r\n\r\n",
        "BT-SEARCH * HTTP/1.1\r\nPort: -1\r\nInfohash: H\r\n\r\n",
        "BT-SEARCH * HTTP/1.1\r\nPort: 6881\r\nPort: 22\r\nInfohash: H\r\n\r\n",
        "BT-SEARCH * HTTP/1.1\r\nPort: 6881\r\ncookie: a\r\ncookie: b\r\nInfohash: H\r\n\r\n",
        "BT-SEARCH * HTTP/1.1\r\nPort: 6881\r\nInfohash: H\r\nInfohash: H\r\n\r\n",
        "BT-SEARCH * HTTP/1.1\r\nPort: 6881\r\nInfohash: H0\r\n\r\n",
        "BT-SEARCH * HTTP/1.1\r\nPort: 6881\r\nInfohash: H\r\nInfohash: 01\r\n\r\n",
        "BT-SEARCH * HTTP/1.1\r\nPort: 6881\r\nInfohash H\r\n\r\n",
        "BT-SEARCH * HTTP/1.1\r\nPort: 6881\r\nInfohash : H\r\n\r\n",
        "BT-SEARCH * HTTP/1.1\r\nPort: 6881\r\nInfohash: H\r\n: nameless\r\n\r\n",
        "BT-SEARCH * HTTP/1.1\r\nPort: 6881\r\nInfohash: H\r\n folded\r\n\r\n",
        "BT-SEARCH * HTTP/1.1\r\nPort: 6881\r\nInfohash: H\r\nX: a\0b\r\n\r\n",
        "BT-SEARCH * HTTP/1.1\r\nPort: 6881\r\nInfohash: H\r\nX: a\nb\r\n\r\n",
        "BT-SEARCH * HTTP/1.1\r\nPort: 6881\r\nInfohash: H\r\nX: \u00e9\r\n\r\n",
      })
  void anythingElseIsNotRead(String datagram) {
    String with = datagram.replace("H\r", ONE + "\r").replace(": H0", ": " + ONE + "0");
    assertThat(parsed(with)).isEmpty();
  }

  @Test
  void aLongerDatagramIsNotRead() {
    String head = "BT-SEARCH * HTTP/1.1\r\nPort: 6881\r\nInfohash: " + ONE + "\r\nX: ";
    String fits = head + "x".repeat(LocalAnnounce.MAX_LENGTH - head.length() - 4) + "\r\n\r\n";
    assertThat(parsed(fits)).isPresent();
    assertThat(parsed(fits.replace("X: ", "X: x"))).isEmpty();
  }

  private static Optional<LocalAnnounce> parsed(String text) {
    ByteBuffer datagram = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    Optional<LocalAnnounce> parsed = LocalAnnounce.parse(datagram);
    assertThat(datagram.position()).isZero();
    return parsed;
  }

  private static String text(ByteBuffer datagram) {
    return StandardCharsets.ISO_8859_1.decode(datagram.duplicate()).toString();
  }

  private static InfoHash hash(SplittableRandom random) {
    byte[] bytes = new byte[InfoHash.LENGTH];
    random.nextBytes(bytes);
    return InfoHash.of(bytes);
  }
}
