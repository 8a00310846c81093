package org.peerwire.mse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/**
 * One whole negotiation, byte by byte. All constants were computed by another program, in Python;
 * the keys are such that the shared secret begins with a zero byte:
 *
 * <pre>
 * S = 00aa546e853e6dd4a5811a3fc80fd5da2b52a61c07d098346497c5d55c5b2f53 ... 401141
 * </pre>
 */
class MseTranscriptTest {
  private static final long INITIATOR_SEED = 652;
  private static final long ACCEPTOR_SEED = 7;
  private static final MseOptions OPTIONS =
      MseOptions.builder(EncryptionPolicy.PREFER).padding(8).build();

  private static final String YA =
      "3d6a059da6c610aaf691a1cd0bb739da18994ba0c40fc5a3bae58b3eb5ea1d07"
          + "ef9c6ae5ee92df7eecb19feb479bc37da38f2610b9a0eade0bb783ddaee17832"
          + "760d7cf88601dae675062f74f893c8aa1314bd1094d4b0559446ff1b576e46fd";
  private static final String PAD_A = "038fc7";
  private static final String YB =
      "d3fb3cdb9dc44413a1c8a6302f9cedb61a902e40e899f3f7a98095c39efb1a1a"
          + "36464b2e286605bd7c3029a514a4c7fef6d6eec2b91edc8b5493ba925c4bd32d"
          + "b9fbe3a974bb02aee1be3f4be8564f769c166ea98d2c7db0210cd52d43fdd7b5";
  private static final String PAD_B = "9dff30e9ba5f";

  /** H("req1" S). */
  private static final String REQ1 = "1a94821b309e7ca3620cd32340a5efd341992097";

  /** H("req2" SKEY) xor H("req3" S), SKEY = aa ... aa. */
  private static final String TORRENT = "076b97415bd31cfb17f07ffcbed503421444577c";

  /**
   * Encrypted: VC 0000000000000000, provide 00000003, len(PadC) 0006, PadC 000000000000, len(IA)
   * 0044.
   */
  private static final String PROVIDE = "95d2925c9ba70c3c8b8378e4ca12c4234c155aed1402";

  /** Encrypted: 13 "BitTorrent protocol" 0000000000100004 aa...aa "-PW0000-initiatorini". */
  private static final String IA =
      "70f0cb8aadc7bc0c37a11fb736b09dac73ab79cd9382fa951174f548cb7f582ebb314adf29413c036bf8941ab75fe3a9"
          + "2d0a46b2b721e443b172c80adf1c71b0f3fd49e8";

  /** Encrypted: VC 0000000000000000, select 00000002, len(PadD) 0007, PadD 00000000000000. */
  private static final String SELECT = "5d53935bcbe8b357dd3a5c58d10e1d8d2b95b6e0d8";

  /** Encrypted: 13 "BitTorrent protocol" 0000000000100004 aa...aa "-PW0000-acceptoracce". */
  private static final String STREAM =
      "1c710e9b600f0257a053bfc97519e4ed53552201981d9e82dbedd7af30cee4e0a6c3e0fbabb29b750cb4953b508ebc1d"
          + "d784241d60ae74962ae7b93a9158d9d292b3838f";

  @Test
  void theInitiatorSaysTheseBytes() {
    End end = End.initiator(OPTIONS, INITIATOR_SEED);
    assertThat(said(end)).isEqualTo(YA + PAD_A);
    assertThat(end.mse.encryption()).isNull();

    hear(end, YB + PAD_B);
    assertThat(said(end)).isEqualTo(REQ1 + TORRENT + PROVIDE + IA);
    assertThat(end.wire.bytesSent()).isEqualTo(68);

    hear(end, SELECT);
    assertThat(end.mse.encryption()).isEqualTo(Encryption.RC4);
    assertThat(end.wire.bytesReceived()).isZero();

    hear(end, STREAM);
    assertThat(end.peer()).isEqualTo(End.ACCEPTOR);
    assertThat(end.wire.bytesReceived()).isEqualTo(68);
    assertThat(end.ends).isEmpty();
  }

  @Test
  void theAcceptorSaysTheseBytes() {
    End end = End.acceptor(OPTIONS, ACCEPTOR_SEED);
    assertThat(said(end)).isEmpty();

    hear(end, YA.substring(0, 190));
    assertThat(said(end)).isEmpty(); // no key is computed before all of theirs is in
    hear(end, YA.substring(190) + PAD_A);
    assertThat(said(end)).isEqualTo(YB + PAD_B);

    hear(end, REQ1 + TORRENT + PROVIDE);
    assertThat(end.mse.encryption()).isEqualTo(Encryption.RC4);
    assertThat(end.mse.infoHash()).isEqualTo(End.TORRENT);
    assertThat(said(end)).isEqualTo(SELECT);

    hear(end, IA);
    assertThat(end.peer()).isEqualTo(End.INITIATOR);
    assertThat(said(end)).isEqualTo(STREAM);
    assertThat(end.wire.bytesSent()).isEqualTo(68);
    assertThat(end.ends).isEmpty();
  }

  private static String said(End end) {
    return HexFormat.of().formatHex(end.say());
  }

  private static void hear(End end, String hex) {
    end.hear(HexFormat.of().parseHex(hex));
  }
}
