package org.peerwire.cli.probe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.peerwire.PeerId;

/** Names for peer ids. */
class ClientNamesTest {
  @ParameterizedTest
  @CsvSource({
    "-TR3000-abcdefghijkl, Transmission 3.00",
    "-TR2940-abcdefghijkl, Transmission 2.94",
    "-TR4050-abcdefghijkl, Transmission 4.0.5",
    "-qB4520-abcdefghijkl, qBittorrent 4.5.2",
    "-LT2080-abcdefghijkl, libtorrent (Rasterbar) 2.0.8",
    "-lt0D80-abcdefghijkl, rTorrent (libtorrent) 0.13.8",
    "-DE203s-abcdefghijkl, Deluge 2.0.3.54",
    "-PW0100-abcdefghijkl, peerwire 0.1.0",
    "A2-1-36-0-abcdefghij, aria2 1.36.0",
    "M7-10-5--abcdefghijk, BitTorrent (mainline) 7.10.5",
    "S58B-----abcdefghijk, Shadow 5.8.11",
    "-ZZ0000-abcdefghijkl, ",
    "abcdefghijklmnopqrst, ",
  })
  void areFound(String id, String name) {
    assertThat(ClientNames.of(PeerId.ofAscii(id)).orElse(null)).isEqualTo(name);
  }
}
