package org.peerwire.extension.uploadonly;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.peerwire.Profile;
import org.peerwire.Violation;
import org.peerwire.extension.Wired;

class UploadOnlyTest {
  private final List<Boolean> heard = new ArrayList<>();
  private final UploadOnly handle = new UploadOnly((extension, value) -> heard.add(value));

  @Test
  void itStandsInTheHandshake() {
    handle.uploadOnly(true);
    Wired peer = Wired.fresh(Profile.STRICT, false);
    peer.wire.use(handle);
    peer.handshakes();
    assertThat(peer.said())
        .containsExactly("0:d1:md11:upload_onlyi1ee4:reqqi250e11:upload_onlyi1ee");
  }

  @Test
  void aChangeIsOneByteOrAHandshake() {
    Wired peer = Wired.open(wire -> wire.use(handle));
    handle.uploadOnly(true); // the peer does not know the message
    handle.uploadOnly(true);
    assertThat(peer.said())
        .containsExactly("0:d1:md11:upload_onlyi1ee4:reqqi250e11:upload_onlyi1ee");
    peer.extended(0, "d1:md11:upload_onlyi9eee");
    handle.uploadOnly(false);
    assertThat(peer.saidHex()).isEqualTo("00000003" + "14" + "09" + "00");
    assertThat(handle.isUploadOnly()).isFalse();
  }

  @Test
  void x19_thePeerMayChangeItsMindEitherWay() {
    Wired peer = Wired.open(wire -> wire.use(handle));
    peer.extended(0, "d11:upload_onlyi1ee");
    assertThat(handle.isPeerUploadOnly()).isTrue();
    peer.hear("00000003 14 01 00"); // not any more
    assertThat(handle.isPeerUploadOnly()).isFalse();
    peer.extended(0, "d1:v1:xe"); // about something else: the message still counts
    assertThat(heard).containsExactly(true, false);
    for (int i = 0; i < 10_000; i++) {
      peer.extended(1, i % 2 == 0 ? "\1" : "\0");
    }
    assertThat(heard).hasSize(10_002);
    assertThat(peer.wire.transport().pending()).isZero();
    assertThat(peer.violations()).isEmpty();
    peer.extended(1, "");
    assertThat(peer.violations()).containsExactly(Violation.EXTENSION_MALFORMED);
  }
}
