package org.peerwire.mse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.peerwire.Allocation;
import org.peerwire.SplitMix64;
import org.peerwire.Violation;
import org.peerwire.wire.CloseCause;

/**
 * Whatever bytes come, in whatever state: a documented end or none, one at the most, and bounded
 * memory.
 */
class MseAnyBytesTest {
  private static final MseOptions PREFER =
      MseOptions.builder(EncryptionPolicy.PREFER).padding(20).build();

  @Test
  void randomBytesGiveADocumentedEnd() {
    int ended = 0;
    for (int seed = 0; seed < 400; seed++) {
      SplitMix64 random = new SplitMix64(seed);
      End end = seed % 2 == 0 ? End.acceptor(PREFER, seed) : End.initiator(PREFER, seed);
      end.hear(random.bytes(random.below(3000)), 1 + random.below(900), random);
      end.say();
      ended += end.ends.size();
      end.pass(20_000_000_000L);
      assertThat(end.ends).as("seed %d", seed).hasSize(1);
      assertThat(end.mse.encryption()).isNull();
    }
    assertThat(ended).isGreaterThan(200); // the others were too short to be wrong
  }

  /** A faultless handshake with a few wrong bytes, from the deepest stages on. */
  @Test
  void damagedHandshakesGiveADocumentedEndOrGoOn() {
    Map<Violation, Integer> seen = new EnumMap<>(Violation.class);
    int opened = 0;
    for (int seed = 0; seed < 1500; seed++) {
      SplitMix64 random = new SplitMix64(seed);
      End end = seed % 2 == 0 ? End.acceptor(PREFER, 1) : End.initiator(PREFER, 1);
      RawMse raw = new RawMse(seed % 2 == 0);
      byte[] bytes;
      if (seed % 2 == 0) {
        end.hear(raw.publicKey());
        raw.meet(end.say(), End.TORRENT);
        bytes =
            RawMse.join(
                random.bytes(random.below(30)),
                raw.req1(),
                raw.torrent(End.TORRENT),
                raw.provide(3, random.below(40), 68),
                raw.encrypt(RawMse.handshake(End.TORRENT)));
      } else {
        raw.meet(end.say(), End.TORRENT);
        end.hear(raw.publicKey());
        bytes =
            RawMse.join(
                random.bytes(random.below(30)),
                raw.select(2, random.below(40)),
                raw.encrypt(RawMse.handshake(End.TORRENT)));
      }
      for (int i = random.below(3); i > 0; i--) {
        bytes[random.below(bytes.length)] ^= (byte) (1 << random.below(8));
      }
      end.hear(bytes, 1 + random.below(200), random);
      end.hear(random.bytes(600), 1 + random.below(200), random);
      end.say();
      opened += end.mse.encryption() == null ? 0 : 1;
      end.pass(20_000_000_000L);
      assertThat(end.ends).as("seed %d", seed).hasSizeLessThanOrEqualTo(1);
      if (!end.ends.isEmpty() && end.ends.get(0) instanceof CloseCause.Violated violated) {
        seen.merge(violated.report().violation(), 1, Integer::sum);
      }
    }
    assertThat(opened).isGreaterThan(500);
    assertThat(seen)
        .containsKeys(
            Violation.MSE_SYNC,
            Violation.MSE_VC,
            Violation.MSE_SELECT,
            Violation.MSE_PAD,
            Violation.MSE_INITIAL_PAYLOAD,
            Violation.MSE_UNKNOWN_TORRENT,
            Violation.HANDSHAKE_PROTOCOL,
            Violation.INFO_HASH_MISMATCH);
  }

  @Test
  void aFailedNegotiationStaysFailed() {
    End end = End.acceptor(PREFER, 1);
    end.hear(new byte[96]);
    assertThat(end.violation()).isEqualTo(Violation.MSE_BAD_KEY);
    end.hear(RawMse.handshake(End.TORRENT));
    end.mse.endOfInput(0);
    end.mse.failed("reset", 0);
    end.pass(100_000_000_000L);
    assertThat(end.violation()).isEqualTo(Violation.MSE_BAD_KEY);
    assertThat(end.say()).isEmpty();
    assertThat(end.mse.nanosUntilTimeout(end.now)).isEqualTo(Long.MAX_VALUE);
  }

  /** What a peer that is not known yet makes us hold. */
  @Test
  void b13_aHandshakeHoldsLittleMemory() throws Exception {
    byte[] key = new RawMse(true).publicKey();
    byte[] junk = new SplitMix64(1).bytes(500);
    // Connections whose keys are computed already: the numbers themselves are garbage at once.
    End[] ends = new End[8];
    for (int i = 0; i < ends.length; i++) {
      ends[i] = End.acceptor(PREFER, i);
      ends[i].hear(key);
      ends[i].say();
    }
    int[] at = {0};
    long bytes =
        Allocation.of(
            () -> {
              MseTransport mse = ends[at[0]++].mse;
              for (int i = 0; i < junk.length; i++) {
                mse.receive(ByteBuffer.wrap(junk, i, 1), 0);
              }
            });
    // 500 wrappers of the test's own, and nothing for the bytes: they lie in what was allocated
    // with the key.
    assertThat(bytes).isLessThan(500 * 64 + 1000);
    assertThat(Arrays.stream(ends).allMatch(end -> end.ends.isEmpty())).isTrue();
  }
}
