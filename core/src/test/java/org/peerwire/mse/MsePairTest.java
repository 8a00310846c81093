package org.peerwire.mse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.peerwire.Allocation;
import org.peerwire.Block;
import org.peerwire.BlockRegion;
import org.peerwire.SplitMix64;
import org.peerwire.Violation;
import org.peerwire.wire.CloseCause;

/** Both sides against each other. */
class MsePairTest {
  private static final SplitMix64 UNCUT = new SplitMix64(0);

  /**
   * What each side's options make of it; a violation's name if it fails, at the acceptor's or the
   * initiator's.
   */
  @ParameterizedTest
  @CsvSource({
    // initiator, acceptor, what comes of it
    "OFF,           OFF,           NONE",
    "OFF,           PREFER,        NONE",
    "OFF,           REQUIRE,       MSE_REQUIRED",
    "PREFER,        OFF,           HANDSHAKE_PROTOCOL",
    "PREFER,        PREFER,        RC4",
    "PREFER,        REQUIRE,       RC4",
    "REQUIRE,       OFF,           HANDSHAKE_PROTOCOL",
    "REQUIRE,       PREFER,        RC4",
    "REQUIRE,       REQUIRE,       RC4",
    "PREFER,        REQUIRE_PLAIN, PLAINTEXT",
    "REQUIRE_PLAIN, PREFER,        PLAINTEXT",
    "PREFER,        PLAIN_FIRST,   PLAINTEXT",
    "PLAIN_FIRST,   PREFER,        RC4",
    "REQUIRE,       PLAIN_FIRST,   RC4",
    "REQUIRE_PLAIN, REQUIRE,       MSE_SELECT",
    "REQUIRE,       REQUIRE_PLAIN, MSE_SELECT",
  })
  void policies(String initiating, String accepting, String outcome) {
    End initiator = End.initiator(options(initiating), 1);
    End acceptor = End.acceptor(options(accepting), 2);
    initiator.wanted = 3;
    End.talk(initiator, acceptor, 1 << 16, UNCUT);
    if (Violations.isOne(outcome)) {
      assertThat(acceptor.violation()).isEqualTo(Violation.valueOf(outcome));
      assertThat(acceptor.say()).isEmpty();
      assertThat(initiator.handshake).isNull();
      initiator.mse.endOfInput(initiator.now);
      assertThat(initiator.mse.mayRetryInPlaintext()).isEqualTo("PREFER".equals(initiating));
    } else {
      Encryption agreed = Encryption.valueOf(outcome);
      assertThat(initiator.mse.encryption()).isEqualTo(agreed);
      assertThat(acceptor.mse.encryption()).isEqualTo(agreed);
      assertThat(initiator.peer()).isEqualTo(End.ACCEPTOR);
      assertThat(acceptor.peer()).isEqualTo(End.INITIATOR);
      assertThat(initiator.blocks.toByteArray()).isEqualTo(content(3));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PLAINTEXT", "RC4"})
  void e05_anyCutGivesTheSame(Encryption method) {
    MseOptions options = MseOptions.builder(EncryptionPolicy.PREFER).methods(method).build();
    for (int seed = 0; seed < 60; seed++) {
      End initiator = End.initiator(options, seed);
      End acceptor = End.acceptor(options, -1 - seed);
      initiator.wanted = 1 + seed % 3;
      int most = seed % 4 == 0 ? 1 : 1 << (seed % 17);
      End.talk(initiator, acceptor, most, new SplitMix64(seed));
      assertThat(initiator.blocks.toByteArray())
          .as("seed %d", seed)
          .isEqualTo(content(initiator.wanted));
      assertThat(initiator.wire.downloaded()).isEqualTo(acceptor.wire.uploaded());
      assertThat(initiator.wire.bytesReceived()).isEqualTo(acceptor.wire.bytesSent());
      assertThat(acceptor.wire.bytesReceived()).isEqualTo(initiator.wire.bytesSent());
    }
  }

  @Test
  void e02_secretsThatBeginWithZerosAreSharedToo() {
    // Searched for: the seeds of both sides' keys give a secret with a zero byte in front.
    End initiator = End.initiator(MseOptions.of(EncryptionPolicy.REQUIRE), 652);
    End acceptor = End.acceptor(MseOptions.of(EncryptionPolicy.REQUIRE), 7);
    End.talk(initiator, acceptor, 100, new SplitMix64(1));
    assertThat(acceptor.peer()).isEqualTo(End.INITIATOR);
  }

  @Test
  void plaintextBlocksKeepLeavingByReference() {
    End initiator = End.initiator(options("PREFER"), 1);
    End acceptor = End.acceptor(options("PLAIN_FIRST"), 2);
    initiator.wanted = 4;
    End.talk(initiator, acceptor, 1 << 16, UNCUT);
    assertThat(acceptor.byReference).isEqualTo(4L * Block.LENGTH);

    End encrypted = End.acceptor(options("PREFER"), 2);
    End.talk(End.initiator(options("PREFER"), 1), encrypted, 1 << 16, UNCUT);
    assertThat(encrypted.byReference).isZero();
  }

  @Test
  void encryptingDoesNotChangeTheApplicationsBlock() {
    End initiator = End.initiator(options("REQUIRE"), 1);
    End acceptor = End.acceptor(options("REQUIRE"), 2);
    initiator.wanted = 2;
    End.talk(initiator, acceptor, 1 << 16, UNCUT);
    assertThat(initiator.blocks.toByteArray()).isEqualTo(content(2));
    assertThat(acceptor.answered.get(0)).isEqualTo(End.content(0, Block.LENGTH));
    assertThat(acceptor.answered.get(1)).isEqualTo(End.content(Block.LENGTH, Block.LENGTH));
  }

  @Test
  void inputIsNotChanged() {
    Open pair = new Open("REQUIRE");
    pair.acceptor.wire.have(3);
    byte[] said = pair.acceptor.say();
    byte[] before = said.clone();
    ByteBuffer direct = ByteBuffer.allocateDirect(said.length + 2).position(1);
    direct.put(said).flip().position(1);
    pair.initiator.mse.receive(direct, 0);
    assertThat(direct.hasRemaining()).isFalse();
    byte[] after = new byte[said.length];
    direct.get(1, after);
    assertThat(after).isEqualTo(before);
    assertThat(pair.initiator.wire.peerPieces().contains(3)).isTrue();
  }

  @Test
  void regionsAreReadEncryptedAndReleasedOnce() {
    for (int most : new int[] {1, 1000, 1 << 20}) {
      Region region = new Region(Block.LENGTH, false);
      End initiator = End.initiator(options("REQUIRE"), 1);
      End acceptor = End.acceptor(options("REQUIRE"), 2);
      acceptor.region = region;
      initiator.wanted = 1;
      End.talk(initiator, acceptor, most, new SplitMix64(most));
      assertThat(initiator.blocks.toByteArray()).isEqualTo(content(1));
      assertThat(region.released).isEqualTo(1);
      assertThat(acceptor.byReference).isZero();
    }
  }

  @Test
  void aRegionThatCannotBeReadEndsTheConnection() {
    Region region = new Region(Block.LENGTH, true);
    End initiator = End.initiator(options("REQUIRE"), 1);
    End acceptor = End.acceptor(options("REQUIRE"), 2);
    acceptor.region = region;
    initiator.wanted = 3; // three times the same region: each answer is released
    End.talk(initiator, acceptor, 1 << 16, UNCUT);
    assertThat(acceptor.cause()).isEqualTo(new CloseCause.TransportFailed("the disk is gone"));
    assertThat(region.released).isEqualTo(3);
    assertThat(acceptor.mse.pending()).isZero();
    assertThat(initiator.blocks.size()).isZero();
  }

  @Test
  void aRegionThatGivesTooLittleEndsTheConnection() {
    End initiator = End.initiator(options("REQUIRE"), 1);
    End acceptor = End.acceptor(options("REQUIRE"), 2);
    acceptor.region =
        new BlockRegion() {
          @Override
          public int length() {
            return Block.LENGTH;
          }

          @Override
          public void read(int offset, ByteBuffer target) {}
        };
    initiator.wanted = 1;
    End.talk(initiator, acceptor, 1 << 16, UNCUT);
    assertThat(acceptor.cause().toString()).contains("bytes too few");
  }

  @Test
  void anIdleEncryptedWireGivesItsBuffersBack() {
    End initiator = End.initiator(options("REQUIRE"), 1);
    End acceptor = End.acceptor(options("REQUIRE"), 2);
    initiator.wanted = 4;
    End.talk(initiator, acceptor, 1 << 16, UNCUT);
    for (End each : List.of(initiator, acceptor)) {
      assertThat(each.mse.holdsScratch()).isTrue();
      each.pass(TimeUnit.SECONDS.toNanos(5) - 1);
      assertThat(each.mse.holdsScratch()).isTrue();
      each.pass(1);
      assertThat(each.mse.holdsScratch()).isFalse();
      assertThat(each.ends).isEmpty();
    }
  }

  @Test
  void busyConnectionsMakeNoGarbage() throws Exception {
    End end = End.initiator(options("REQUIRE"), 1);
    RawMse raw = new RawMse(false);
    raw.meet(end.say(), End.TORRENT);
    end.hear(RawMse.join(raw.publicKey(), raw.select(2, 0)));
    end.hear(raw.encrypt(RawMse.handshake(End.TORRENT)));
    end.say();
    Queue<ByteBuffer> inputs = new ArrayDeque<>();
    for (int i = 0; i < 20; i++) {
      inputs.add(ByteBuffer.wrap(raw.encrypt(new byte[64 << 10]))); // keep-alives
    }
    end.mse.receive(inputs.remove(), 0);
    assertThat(Allocation.of(() -> end.mse.receive(inputs.remove(), 0))).isLessThan(1000);
    assertThat(end.ends).isEmpty();
    assertThat(end.wire.bytesReceived()).isGreaterThan(9 * (64 << 10));
  }

  @Test
  void closingInTheMiddleSendsNoPlaintext() {
    End initiator = End.initiator(options("PREFER"), 1);
    assertThat(initiator.say(50)).hasSize(50);
    initiator.wire.close();
    assertThat(initiator.say()).hasSizeLessThanOrEqualTo(46 + 512); // the rest of the key, at most
    initiator.pass(0);
    assertThat(initiator.say()).isEmpty();
    assertThat(initiator.mse.pending()).isZero();
    assertThat(initiator.cause()).isEqualTo(new CloseCause.ByUs());
    initiator.hear(new byte[200]);
    assertThat(initiator.mse.isClosed()).isTrue();
  }

  @Test
  void aBrokenTableOfTorrentsEndsTheWireAndNothingElse() {
    Torrents broken =
        key -> {
          throw new IllegalStateException("no table");
        };
    End initiator = End.initiator(options("PREFER"), 1);
    End acceptor = End.acceptor(new Mse(options("PREFER"), broken, End.random(1)));
    End.talk(initiator, acceptor, 1 << 16, UNCUT);
    assertThat(acceptor.cause()).isInstanceOf(CloseCause.ListenerFailed.class);
  }

  @Test
  void theOptionsRefuseNonsense() {
    MseOptions.Builder builder = MseOptions.builder(EncryptionPolicy.PREFER);
    assertThatThrownBy(() -> builder.methods()).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder.methods(Encryption.NONE))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder.padding(513)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder.maxInitialPayload(67))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder.handshakesPerSecond(0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** Two ends that have shaken hands. */
  private static final class Open {
    final End initiator;
    final End acceptor;

    Open(String options) {
      initiator = End.initiator(options(options), 1);
      acceptor = End.acceptor(options(options), 2);
      talk();
    }

    void talk() {
      End.talk(initiator, acceptor, 1 << 16, UNCUT);
    }
  }

  /** The torrent's first block, elsewhere. */
  private static final class Region implements BlockRegion {
    private final int length;
    private final boolean broken;
    int released;

    Region(int length, boolean broken) {
      this.length = length;
      this.broken = broken;
    }

    @Override
    public int length() {
      return length;
    }

    @Override
    public void read(int offset, ByteBuffer target) throws IOException {
      if (broken) {
        throw new IOException("the disk is gone");
      }
      target.put(End.content(0, length), offset, target.remaining());
    }

    @Override
    public void release() {
      released++;
    }
  }

  private static final class Violations {
    static boolean isOne(String name) {
      for (Violation each : Violation.values()) {
        if (each.name().equals(name)) {
          return true;
        }
      }
      return false;
    }
  }

  private static byte[] content(int blocks) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (int i = 0; i < blocks; i++) {
      content.writeBytes(End.content(i * Block.LENGTH, Block.LENGTH));
    }
    return content.toByteArray();
  }

  private static MseOptions options(String name) {
    return switch (name) {
      case "REQUIRE_PLAIN" ->
          MseOptions.builder(EncryptionPolicy.REQUIRE).methods(Encryption.PLAINTEXT).build();
      case "PLAIN_FIRST" ->
          MseOptions.builder(EncryptionPolicy.PREFER)
              .methods(Encryption.PLAINTEXT, Encryption.RC4)
              .build();
      default -> MseOptions.of(EncryptionPolicy.valueOf(name));
    };
  }
}
