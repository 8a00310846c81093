package org.peerwire.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.peerwire.InfoHash;
import org.peerwire.IpAddress;
import org.peerwire.PeerAddress;
import org.peerwire.mse.EncryptionPolicy;
import org.peerwire.mse.Mse;
import org.peerwire.mse.MseOptions;
import org.peerwire.mse.MseTransport;
import org.peerwire.mse.Torrents;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;

/** What is kept of peers that did not agree to encryption. */
class EncryptionLedgerTest {
  private final EncryptionLedger ledger = new EncryptionLedger(EncryptionPolicy.REQUIRE);

  /** A layer in which nothing was agreed on. */
  private final MseTransport refused =
      new Mse(
              MseOptions.builder(EncryptionPolicy.REQUIRE).build(),
              Torrents.NONE,
              bytes -> Arrays.fill(bytes, (byte) 1))
          .initiate(
              new PeerWire(new PeerListener() {}).transport(), InfoHash.parse("ab".repeat(20)));

  @Test
  void e10_theFourthRefusalInARowIsBelieved() {
    PeerAddress peer = peer(1);
    for (long seconds : new long[] {1, 2, 4}) {
      assertThat(ledger.ended(peer, refused)).isFalse();
      assertThat(ledger.askedAgainIn(peer)).isEqualTo(seconds);
      assertThat(ledger.refusing()).isZero();
    }
    ledger.greeted(peer);
    assertThat(ledger.askedAgainIn(peer)).isZero();
    for (int i = 0; i < 4; i++) {
      ledger.ended(peer, refused);
    }
    assertThat(ledger.askedAgainIn(peer)).isZero();
    assertThat(ledger.refusing()).isEqualTo(1);
  }

  @Test
  void everMorePeersAreNotAllRemembered() {
    for (int i = 0; i < 2 * EncryptionLedger.MAX_REMEMBERED; i++) {
      ledger.ended(peer(i), refused);
    }
    assertThat(ledger.remembered()).isEqualTo(EncryptionLedger.MAX_REMEMBERED);
    assertThat(ledger.askedAgainIn(peer(0))).isZero();
    assertThat(ledger.askedAgainIn(peer(2 * EncryptionLedger.MAX_REMEMBERED - 1))).isEqualTo(1);
  }

  private static PeerAddress peer(int number) {
    byte[] ip = {127, 1, (byte) (number >>> 8), (byte) number};
    return new PeerAddress(IpAddress.of(ip), 6881);
  }
}
