package org.peerwire.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.peerwire.PieceSet;
import org.peerwire.client.PeerStatus;
import org.peerwire.mse.Encryption;

/** What a person sees on a terminal. */
class DisplayTest {
  @Test
  void theMapIsAsDarkAsItsPieces() {
    PieceSet pieces = new PieceSet(12);
    assertThat(PiecesLine.of(pieces, 4, false)).isEqualTo("....");
    pieces.add(0);
    pieces.add(3);
    pieces.add(4);
    pieces.add(6);
    pieces.add(7);
    pieces.add(8);
    assertThat(PiecesLine.of(pieces, 4, false)).isEqualTo("+*#.");
    assertThat(PiecesLine.of(pieces, 100, false)).isEqualTo("#..##.###...");
    assertThat(PiecesLine.of(pieces, 4, true)).isEqualTo("\u2592\u2593\u2588\u00b7");
    pieces.addAll();
    for (int width = 0; width < 20; width++) {
      assertThat(PiecesLine.of(pieces, width, false)).isEqualTo("#".repeat(Math.min(12, width)));
    }
    assertThat(PiecesLine.of(new PieceSet(0), 4, false)).isEmpty();
  }

  @Test
  void onePieceOfManyIsSeenAndSoIsOneThatIsMissing() {
    PieceSet one = new PieceSet(4_000_000);
    one.add(3_999_999);
    assertThat(PiecesLine.of(one, 10, false)).isEqualTo(".........-");
    PieceSet rest = new PieceSet(4_000_000);
    rest.addAll();
    rest.remove(0);
    assertThat(PiecesLine.of(rest, 10, false)).isEqualTo("*#########");
  }

  @Test
  void theFastestPeersComeFirstAndTheLineFits() {
    List<PeerStatus> peers = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      peers.add(peer("client " + i, i * 1024.0));
    }
    assertThat(line(peers, 200))
        .startsWith("client 8 8 KiB/s, client 7 7 KiB/s")
        .doesNotContain("client 0");
    assertThat(line(peers, 50)).isEqualTo("client 8 8 KiB/s, client 7 7 KiB/s, 6 more");
    for (int width = 0; width < 200; width++) {
      assertThat(line(peers, width).length()).isLessThanOrEqualTo(width);
    }
    assertThat(line(List.of(), 80)).isEmpty();
    assertThat(line(List.of(peer("\u001b[2J\u4f60\u597d", 1024)), 80)).isEqualTo("?[2J?? 1 KiB/s");
  }

  private static String line(List<PeerStatus> peers, int width) {
    return PeersLine.of(peers, PeerStatus::downloadSpeed, width);
  }

  private static PeerStatus peer(String client, double speed) {
    return new PeerStatus(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 6881),
        false,
        Optional.empty(),
        Optional.of(client),
        Encryption.NONE,
        0,
        true,
        true,
        false,
        false,
        1,
        false,
        0,
        0,
        speed,
        0);
  }

  @Test
  void aNarrowTerminalGetsWhatThereIsRoomFor() {
    assertThat(narrow(40)).isEqualTo("getting 12.5 %, 1.2 MiB/s");
    assertThat(narrow(25)).isEqualTo("getting 12.5 %, 1.2 MiB/s");
    assertThat(narrow(24)).isEqualTo("getting 12.5 %");
    assertThat(narrow(13)).isEqualTo("12.5 %");
    assertThat(narrow(5)).isEmpty();
  }

  private static String narrow(int width) {
    return BarView.narrow("getting", "12.5 %", "1.2 MiB/s", width);
  }
}
