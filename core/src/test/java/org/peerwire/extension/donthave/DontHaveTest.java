package org.peerwire.extension.donthave;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.peerwire.Profile;
import org.peerwire.Violation;
import org.peerwire.extension.Wired;
import org.peerwire.wire.RequestOutcome;

class DontHaveTest {
  private final List<Integer> lost = new ArrayList<>();
  private final List<RequestOutcome> outcomes = new ArrayList<>();
  private final DontHave handle = new DontHave((extension, piece) -> lost.add(piece));

  private Wired peer(Profile profile, boolean fast) {
    Wired wired = Wired.fresh(profile, fast).layout(16);
    wired.wire.use(handle);
    wired.handshakes();
    wired.hear("00000003 05 ffff"); // bitfield: all 16
    wired.extended(0, "d1:md11:lt_donthavei6eee");
    wired.hear("00000001 01"); // unchoke
    wired.said();
    return wired;
  }

  @Test
  void whatThePeerTakesBackLeavesItsPieces() {
    Wired peer = peer(Profile.STRICT, true);
    peer.hear("00000006" + "14" + "01" + "00000003"); // extended, our id, piece 3
    assertThat(lost).containsExactly(3);
    assertThat(peer.wire.peerPieces().contains(3)).isFalse();
    assertThat(peer.wire.peerPieces().count()).isEqualTo(15);
    peer.hear("00000006 14 01 00000003"); // again: no news
    peer.hear("00000005 04 00000003"); // have
    assertThat(lost).containsExactly(3);
    assertThat(peer.wire.peerPieces().isFull()).isTrue();
    assertThat(peer.violations()).isEmpty();
  }

  @Test
  void p11_withoutFastOurRequestsForThePieceEnd() {
    Wired peer = peer(Profile.INTEROP, false);
    request(peer, 3, 0);
    request(peer, 4, 0);
    request(peer, 3, 16384);
    peer.hear("00000006 14 01 00000003");
    assertThat(outcomes).containsExactly(RequestOutcome.REJECTED, RequestOutcome.REJECTED);
    assertThat(peer.wire.requestCount()).isEqualTo(1);
  }

  @Test
  void p11_withFastThePeerRejectsEach() {
    Wired peer = peer(Profile.INTEROP, true);
    request(peer, 3, 0);
    peer.hear("00000006 14 01 00000003");
    assertThat(outcomes).isEmpty();
    peer.hear("0000000d 10 00000003 00000000 00004000");
    assertThat(outcomes).containsExactly(RequestOutcome.REJECTED);
    assertThat(peer.violations()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void p11_asManyAMinuteAsThereArePieces(Profile profile) {
    Wired peer = peer(profile, true);
    for (int minute = 0; minute < 3; minute++) {
      for (int i = 0; i < 16; i++) {
        peer.hear(String.format("00000006 14 01 %08x", i));
      }
      peer.pass(61);
      peer.hear("00000000");
    }
    assertThat(lost).hasSize(16);
    assertThat(peer.violations()).isEmpty();
    for (int i = 0; i < 17; i++) {
      peer.hear("00000006 14 01 00000003");
    }
    assertThat(peer.closedBy()).isEqualTo(Violation.DONTHAVE_FLOOD);
  }

  @Test
  void whatCannotBeReadIsForgivenOnce() {
    Wired peer = peer(Profile.INTEROP, true);
    peer.hear("00000005 14 01 000003"); // three bytes
    assertThat(peer.violations()).containsExactly(Violation.EXTENSION_MALFORMED);
    peer.hear("00000006 14 01 00000010"); // of 0 to 15
    assertThat(peer.closedBy()).isEqualTo(Violation.EXTENSION_MALFORMED);
    assertThat(lost).isEmpty();
  }

  @Test
  void whatWeTakeBackIsToldAndItsRequestsRejected() {
    Wired peer = Wired.fresh(Profile.STRICT, true).layout(8);
    peer.wire.use(handle);
    peer.handshakes();
    peer.hear("00000001 0f");
    assertThat(peer.said()).hasSize(2);
    peer.extended(0, "d1:md11:lt_donthavei6eee");
    peer.wire.have(5);
    peer.said();
    assertThat(handle.dontHave(5)).isTrue();
    assertThat(peer.saidHex())
        .isEqualTo("00000006" + "14" + "06" + "00000005"); // extended, the peer's id, piece 5
    assertThat(peer.wire.pieces().contains(5)).isFalse();
    assertThat(handle.dontHave(5)).isFalse();
    peer.wire.unchoke();
    peer.said();
    peer.hear("0000000d 06 00000005 00000000 00004000");
    assertThat(peer.said()).containsExactly("10000000050000000000004000"); // reject
  }

  @Test
  void aPieceOfAnUnknownNumberStaysWhereItIs() {
    Wired peer = Wired.fresh(Profile.INTEROP, true);
    peer.wire.use(handle);
    peer.handshakes();
    peer.hear("00000001 0e"); // have all, of who knows how many
    peer.hear("00000006 14 01 00000003");
    assertThat(lost).isEmpty();
    assertThat(peer.violations()).isEmpty();
  }

  private void request(Wired peer, int piece, int begin) {
    boolean sent =
        peer.wire.request(
            piece, begin, 16384, (outcome, index, offset, block) -> outcomes.add(outcome));
    assertThat(sent).isTrue();
  }
}
