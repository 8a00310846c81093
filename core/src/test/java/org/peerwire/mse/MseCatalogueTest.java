package org.peerwire.mse;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.peerwire.Allocation;
import org.peerwire.InfoHash;
import org.peerwire.SplitMix64;
import org.peerwire.Violation;
import org.peerwire.wire.CloseCause;
import org.peerwire.wire.Timeout;

/** What bad peers do in the encrypted handshake, by the ids of the catalogue of hostile peers. */
class MseCatalogueTest {
  private static final MseOptions PREFER = MseOptions.of(EncryptionPolicy.PREFER);
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final int PLAIN = 1;
  private static final int RC4 = 2;

  /** An acceptor that has said its key, to a peer that has said its. */
  private final End acceptor = End.acceptor(PREFER, 1);

  private final RawMse initiator = new RawMse(true);

  private void exchangeKeys() {
    acceptor.hear(initiator.publicKey());
    byte[] said = acceptor.say();
    assertThat(said).hasSizeBetween(96, 96 + 512);
    initiator.meet(said, End.TORRENT);
  }

  /** An initiator that has heard the key of a peer, and said the rest. */
  private final End dialler = End.initiator(PREFER, 2);

  private final RawMse answerer = new RawMse(false);

  private void answerKey() {
    answerer.meet(dialler.say(), End.TORRENT);
    dialler.hear(answerer.publicKey());
    assertThat(dialler.say()).hasSizeBetween(40 + 16 + 68, 40 + 16 + 512 + 68);
  }

  // ---------------------------------------------------------------- E01: keys that are none

  @ParameterizedTest
  @ValueSource(ints = {0, 1, -1, -2, -3, -4})
  void e01_aDegenerateKeyIsRefusedByBoth(int which) {
    byte[] key =
        RawMse.number(
            switch (which) {
              case -1 -> DiffieHellman.P.subtract(BigInteger.ONE);
              case -2 -> DiffieHellman.P;
              case -3 -> DiffieHellman.P.add(BigInteger.TWO);
              case -4 -> BigInteger.ONE.shiftLeft(768).subtract(BigInteger.ONE);
              default -> BigInteger.valueOf(which);
            });
    acceptor.hear(key);
    assertThat(acceptor.violation()).isEqualTo(Violation.MSE_BAD_KEY);
    assertThat(acceptor.say()).isEmpty();

    dialler.say();
    dialler.hear(key);
    assertThat(dialler.violation()).isEqualTo(Violation.MSE_BAD_KEY);
    assertThat(dialler.say()).isEmpty();
  }

  // ---------------------------------------------------------------- E03: silence

  @Test
  void e03_aKeyThenSilenceEndsWithTheHandshakesTime() {
    exchangeKeys();
    acceptor.pass(10 * SECOND - 1);
    assertThat(acceptor.ends).isEmpty();
    acceptor.pass(1);
    assertThat(acceptor.timedOut()).isEqualTo(Timeout.HANDSHAKE_TIMEOUT);
  }

  @Test
  void e03_silenceFromTheStartEndsWithTheHandshakesTime() {
    acceptor.pass(10 * SECOND);
    assertThat(acceptor.timedOut()).isEqualTo(Timeout.HANDSHAKE_TIMEOUT);
    dialler.say();
    dialler.pass(10 * SECOND);
    assertThat(dialler.timedOut()).isEqualTo(Timeout.HANDSHAKE_TIMEOUT);
  }

  @Test
  void e03_aKeyHasFiveSecondsFromItsFirstByteOn() {
    acceptor.pass(2 * SECOND);
    for (int i = 0; i < 5; i++) {
      acceptor.hear(new byte[] {1});
      assertThat(acceptor.ends).isEmpty();
      acceptor.pass(SECOND);
    }
    assertThat(acceptor.timedOut()).isEqualTo(Timeout.HANDSHAKE_TIMEOUT);
  }

  @Test
  void e03_theTimeIsThatOfTheWholeHoweverSlowlyTheBytesCome() {
    byte[] all =
        RawMse.join(initiator.publicKey(), new byte[512]); // never its req1: nothing to search for
    acceptor.hear(Arrays.copyOf(all, 96));
    for (int at = 96; acceptor.ends.isEmpty(); at++) {
      assertThat(at).isLessThan(150);
      acceptor.hear(Arrays.copyOfRange(all, at, at + 1));
      acceptor.pass(SECOND / 4);
    }
    assertThat(acceptor.now).isEqualTo(10 * SECOND);
    assertThat(acceptor.timedOut()).isEqualTo(Timeout.HANDSHAKE_TIMEOUT);
  }

  @Test
  void anEndOfInputInTheMiddleIsACutAndAtTheStartIsNone() {
    acceptor.hear(new byte[90]);
    acceptor.mse.endOfInput(0);
    assertThat(acceptor.cause()).isEqualTo(new CloseCause.CutInFrame(6));
    dialler.say();
    dialler.mse.endOfInput(0);
    assertThat(dialler.cause()).isEqualTo(new CloseCause.ByPeer());
  }

  // ---------------------------------------------------------------- E04: no end of the padding

  @Test
  void e04_theAcceptorSearchesAtMost512And20Bytes() {
    exchangeKeys();
    byte[] junk = new SplitMix64(4).bytes(2000);
    acceptor.hear(Arrays.copyOf(junk, 531));
    assertThat(acceptor.ends).isEmpty();
    acceptor.hear(Arrays.copyOfRange(junk, 531, 2000));
    assertThat(acceptor.violation()).isEqualTo(Violation.MSE_SYNC);
    assertThat(acceptor.cause().toString()).endsWith("at byte 628"); // 96 + 512 + 20
  }

  @Test
  void e04_theInitiatorSearchesAtMost512And8Bytes() {
    answerKey();
    byte[] junk = new SplitMix64(4).bytes(2000);
    dialler.hear(Arrays.copyOf(junk, 519));
    assertThat(dialler.ends).isEmpty();
    dialler.hear(Arrays.copyOfRange(junk, 519, 2000));
    assertThat(dialler.violation()).isEqualTo(Violation.MSE_SYNC);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 19, 20, 511, 512})
  void e04_paddingOfAnyLengthUpTo512IsFoundTheEndOf(int length) {
    exchangeKeys();
    byte[] padding = new SplitMix64(length).bytes(length);
    if (length >= 19) {
      // All but the last byte of what is searched for, as a false start.
      System.arraycopy(initiator.req1(), 0, padding, length - 19, 19);
    }
    acceptor.hear(
        RawMse.join(
            padding,
            initiator.req1(),
            initiator.torrent(End.TORRENT),
            initiator.provide(RC4, 0, 68),
            initiator.encrypt(RawMse.handshake(End.TORRENT))));
    assertThat(acceptor.peer().toString()).contains("rawraw");

    answerKey();
    dialler.hear(RawMse.join(new byte[length], answerer.select(RC4, 0)));
    assertThat(dialler.mse.encryption()).isEqualTo(Encryption.RC4);
  }

  @Test
  void e04_paddingOf513BytesIsTooMuch() {
    exchangeKeys();
    acceptor.hear(RawMse.join(new byte[513], initiator.req1()));
    assertThat(acceptor.violation()).isEqualTo(Violation.MSE_SYNC);
  }

  // ---------------------------------------------------------------- E05: any cut, IA and what
  // follows

  @ParameterizedTest
  @CsvSource({"1, 68", "1, 0", "1, 30", "2, 68", "2, 0", "2, 30"})
  void e05_whatFollowsTheInitialPayloadIsInTheSelectedMethodAtEveryCut(int method, int payload) {
    RawMse raw = new RawMse(true);
    byte[] handshake = RawMse.handshake(End.TORRENT);
    // A have of piece 5 behind the handshake, in the same read.
    byte[] stream = RawMse.join(handshake, new byte[] {0, 0, 0, 5, 4, 0, 0, 0, 5});
    End probe = End.acceptor(PREFER, 1);
    probe.hear(raw.publicKey());
    raw.meet(probe.say(), End.TORRENT);
    byte[] along = raw.provide(method, 3, payload);
    byte[] first = raw.encrypt(Arrays.copyOf(stream, payload));
    byte[] rest = Arrays.copyOfRange(stream, payload, stream.length);
    byte[] all =
        RawMse.join(
            raw.publicKey(),
            new byte[7],
            raw.req1(),
            raw.torrent(End.TORRENT),
            along,
            first,
            method == RC4 ? raw.encrypt(rest) : rest);
    for (int cut = 0; cut <= all.length; cut++) {
      End end = End.acceptor(PREFER, 1); // the same key as the probe's
      end.hear(Arrays.copyOf(all, cut));
      end.hear(Arrays.copyOfRange(all, cut, all.length));
      assertThat(end.mse.encryption())
          .as("cut at %d", cut)
          .isEqualTo(method == RC4 ? Encryption.RC4 : Encryption.PLAINTEXT);
      assertThat(end.peer().toString()).contains("rawraw");
      assertThat(end.wire.peerPieces().contains(5)).as("cut at %d", cut).isTrue();
      assertThat(end.wire.bytesReceived()).isEqualTo(stream.length);
    }
    End slow = End.acceptor(PREFER, 1);
    slow.hear(all, 1, new SplitMix64(0));
    assertThat(slow.wire.peerPieces().contains(5)).isTrue();
  }

  @Test
  void e05_whatFollowsTheSelectionIsReadAtEveryCut() {
    for (int method : new int[] {PLAIN, RC4}) {
      byte[] all = {};
      for (int cut = 0; cut <= all.length; cut++) {
        End end = End.initiator(PREFER, 2);
        RawMse raw = new RawMse(false);
        raw.meet(end.say(), End.TORRENT);
        byte[] select = raw.select(method, 5);
        byte[] handshake = RawMse.handshake(End.TORRENT);
        byte[] stream = method == RC4 ? raw.encrypt(handshake) : handshake;
        all = RawMse.join(raw.publicKey(), new byte[7], select, stream);
        end.hear(Arrays.copyOf(all, cut));
        end.hear(Arrays.copyOfRange(all, cut, all.length));
        assertThat(end.peer().toString()).as("cut at %d", cut).contains("rawraw");
      }
      assertThat(all).hasSize(96 + 7 + 14 + 5 + 68);
    }
  }

  @Test
  void e05_aWireThatSaysNothingYetSendsNothingAlong() {
    Mse mse = new Mse(PREFER, Torrents.NONE, End.random(2));
    org.peerwire.wire.PeerWire wire =
        new org.peerwire.wire.PeerWire(new org.peerwire.wire.PeerListener() {});
    MseTransport transport = mse.initiate(wire.transport(), End.TORRENT);
    assertThat(transport.pending()).isBetween(96L, 96L + 512);
    wire.handshake(End.TORRENT, End.INITIATOR); // is held back, until it may be sent
    assertThat(transport.pending()).isBetween(96L, 96L + 512);
  }

  // ---------------------------------------------------------------- E06: methods

  @ParameterizedTest
  @ValueSource(ints = {0, 4, 0x80000000, 0xfffffffc})
  void e06_aProvideWithoutAMethodThatWeKnowIsRefused(int provide) {
    exchangeKeys();
    acceptor.hear(RawMse.join(initiator.req1(), initiator.torrent(End.TORRENT)));
    acceptor.hear(initiator.provide(provide, 0, 0));
    assertThat(acceptor.violation()).isEqualTo(Violation.MSE_SELECT);
    assertThat(acceptor.say()).isEmpty();
  }

  @Test
  void e06_unknownBitsBesideKnownOnesDoNoHarm() {
    exchangeKeys();
    acceptor.hear(RawMse.join(initiator.req1(), initiator.torrent(End.TORRENT)));
    acceptor.hear(initiator.provide(0xfffffffd, 0, 0)); // all but RC4
    assertThat(acceptor.mse.encryption()).isEqualTo(Encryption.PLAINTEXT);
  }

  @Test
  void e06_aProvideOfWhatWeDoNotTakeIsRefused() {
    End strict = End.acceptor(MseOptions.of(EncryptionPolicy.REQUIRE), 1);
    strict.hear(initiator.publicKey());
    initiator.meet(strict.say(), End.TORRENT);
    strict.hear(RawMse.join(initiator.req1(), initiator.torrent(End.TORRENT)));
    strict.hear(initiator.provide(PLAIN, 0, 0));
    assertThat(strict.violation()).isEqualTo(Violation.MSE_SELECT);
    assertThat(strict.cause().toString()).contains("offered 1, taken are [RC4]");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 4, 5, 0x80000002})
  void e06_aSelectionThatIsNotOneOfferedMethodIsRefused(int select) {
    answerKey();
    dialler.hear(answerer.select(select, 0));
    assertThat(dialler.violation()).isEqualTo(Violation.MSE_SELECT);
  }

  @Test
  void e06_aSelectionThatWasNotOfferedIsRefused() {
    End strict = End.initiator(MseOptions.of(EncryptionPolicy.REQUIRE), 1);
    answerer.meet(strict.say(), End.TORRENT);
    strict.hear(RawMse.join(answerer.publicKey(), answerer.select(PLAIN, 0)));
    assertThat(strict.violation()).isEqualTo(Violation.MSE_SELECT);
  }

  // ---------------------------------------------------------------- E07: lengths

  @ParameterizedTest
  @CsvSource({"512, true", "513, false", "65535, false"})
  void e07_paddingInsideIsAtMost512Bytes(int length, boolean accepted) {
    exchangeKeys();
    acceptor.hear(RawMse.join(initiator.req1(), initiator.torrent(End.TORRENT)));
    acceptor.hear(initiator.provide(RC4, length, 0));
    answerKey();
    dialler.hear(answerer.select(RC4, length));
    if (accepted) {
      assertThat(acceptor.mse.encryption()).isEqualTo(Encryption.RC4);
      assertThat(dialler.mse.encryption()).isEqualTo(Encryption.RC4);
    } else {
      assertThat(acceptor.violation()).isEqualTo(Violation.MSE_PAD);
      assertThat(dialler.violation()).isEqualTo(Violation.MSE_PAD);
    }
  }

  @ParameterizedTest
  @CsvSource({"16384, true", "16385, false", "65535, false"})
  void e07_theInitialPayloadIsAtMost16KiB(int length, boolean accepted) {
    exchangeKeys();
    acceptor.hear(RawMse.join(initiator.req1(), initiator.torrent(End.TORRENT)));
    acceptor.hear(initiator.provide(RC4, 0, length));
    if (accepted) {
      assertThat(acceptor.mse.encryption()).isEqualTo(Encryption.RC4);
    } else {
      assertThat(acceptor.violation()).isEqualTo(Violation.MSE_INITIAL_PAYLOAD);
      assertThat(acceptor.say()).isEmpty();
    }
  }

  // ---------------------------------------------------------------- E08: the wrong keys

  @Test
  void e08_aWrongVerificationConstantIsRefused() {
    exchangeKeys();
    acceptor.hear(RawMse.join(initiator.req1(), initiator.torrent(End.TORRENT)));
    byte[] provide = initiator.provide(RC4, 0, 0);
    provide[7] ^= 1;
    acceptor.hear(provide);
    assertThat(acceptor.violation()).isEqualTo(Violation.MSE_VC);
  }

  @Test
  void e08_keysOfAnotherTorrentThanTheNamedOneAreRefused() {
    exchangeKeys();
    acceptor.hear(RawMse.join(initiator.req1(), initiator.torrent(End.OTHER)));
    acceptor.hear(initiator.provide(RC4, 0, 0)); // with the keys of TORRENT
    assertThat(acceptor.violation()).isEqualTo(Violation.MSE_VC);
  }

  @Test
  void e08_aHandshakeForAnotherTorrentThanTheEncryptedOneIsRefused() {
    exchangeKeys();
    acceptor.hear(
        RawMse.join(
            initiator.req1(),
            initiator.torrent(End.TORRENT),
            initiator.provide(RC4, 0, 68),
            initiator.encrypt(RawMse.handshake(End.OTHER))));
    assertThat(acceptor.violation()).isEqualTo(Violation.INFO_HASH_MISMATCH);
  }

  // ---------------------------------------------------------------- E09: probing for torrents

  @Test
  void e09_anUnknownTorrentIsSwallowedAndEndsAfterARandomTime() {
    long least = Long.MAX_VALUE;
    long most = 0;
    for (long seed = 0; seed < 40; seed++) {
      End end = End.acceptor(PREFER, seed);
      RawMse raw = askForUnknown(end);
      end.hear(raw.provide(RC4, 0, 68));
      assertThat(end.say()).isEmpty();
      assertThat(end.ends).isEmpty();
      long due = end.mse.nanosUntilTimeout(end.now);
      assertThat(due).isBetween(0L, 10 * SECOND);
      least = Math.min(least, due);
      most = Math.max(most, due);
      end.pass(due);
      assertThat(end.violation()).isEqualTo(Violation.MSE_UNKNOWN_TORRENT);
    }
    assertThat(least).isLessThan(2 * SECOND);
    assertThat(most).isGreaterThan(8 * SECOND);
  }

  @Test
  void e09_noMoreThanFourKiBAreSwallowed() throws Exception {
    End end = End.acceptor(PREFER, 3);
    askForUnknown(end);
    end.hear(new byte[4095]);
    assertThat(end.mse.wantsInput()).isTrue();
    end.hear(new byte[1]);
    assertThat(end.mse.wantsInput()).isFalse();
    byte[] more = new byte[1 << 20]; // a transport that goes on all the same costs nothing
    ByteBuffer input = ByteBuffer.wrap(more);
    assertThat(Allocation.of(() -> end.mse.receive(input.clear(), end.now))).isLessThan(1000);
    end.mse.endOfInput(end.now);
    assertThat(end.violation()).isEqualTo(Violation.MSE_UNKNOWN_TORRENT);
  }

  @Test
  void e09_notEvenThatTakesLongerThanTheHandshakeMay() {
    End end = End.acceptor(PREFER, 5);
    end.mse.nanosUntilTimeout(0);
    end.pass(9 * SECOND);
    askForUnknown(end);
    end.pass(SECOND);
    assertThat(end.violation()).isEqualTo(Violation.MSE_UNKNOWN_TORRENT);
    assertThat(end.now).isEqualTo(10 * SECOND);
  }

  @Test
  void e09_aRemovedTorrentIsUnknown() {
    TorrentTable table = End.table(End.TORRENT, End.OTHER);
    assertThat(table.find(Torrents.key(End.TORRENT))).isEqualTo(End.TORRENT);
    table.remove(End.TORRENT);
    assertThat(table.find(Torrents.key(End.TORRENT))).isNull();
    assertThat(table.find(Torrents.key(End.OTHER))).isEqualTo(End.OTHER);
  }

  /** Names, in an otherwise faultless handshake, a torrent that is not there. */
  private static RawMse askForUnknown(End end) {
    InfoHash unknown = InfoHash.parse("cc".repeat(20));
    RawMse raw = new RawMse(true);
    end.hear(raw.publicKey());
    raw.meet(end.say(), unknown);
    end.hear(RawMse.join(raw.req1(), raw.torrent(unknown)));
    return raw;
  }

  // ---------------------------------------------------------------- E10: downgrades

  @Test
  void e10_onlyPreferMayRetryInPlaintextAndOnlyIfNothingWasAgreedOn() {
    dialler.say();
    assertThat(dialler.mse.mayRetryInPlaintext()).isFalse();
    dialler.mse.failed("connection reset", 0);
    assertThat(dialler.cause()).isEqualTo(new CloseCause.TransportFailed("connection reset"));
    assertThat(dialler.mse.mayRetryInPlaintext()).isTrue();

    End closedByPeer = End.initiator(PREFER, 1);
    closedByPeer.mse.endOfInput(0);
    assertThat(closedByPeer.mse.mayRetryInPlaintext()).isTrue();

    End silent = End.initiator(PREFER, 1);
    silent.pass(10 * SECOND);
    assertThat(silent.mse.mayRetryInPlaintext()).isTrue();

    End garbage = End.initiator(PREFER, 1);
    garbage.hear(new byte[96]);
    assertThat(garbage.mse.mayRetryInPlaintext()).isTrue();

    End required = End.initiator(MseOptions.of(EncryptionPolicy.REQUIRE), 1);
    required.mse.failed("connection reset", 0);
    assertThat(required.mse.mayRetryInPlaintext()).isFalse();

    End agreed = End.initiator(PREFER, 1);
    RawMse raw = new RawMse(false);
    raw.meet(agreed.say(), End.TORRENT);
    agreed.hear(RawMse.join(raw.publicKey(), raw.select(RC4, 0)));
    agreed.mse.failed("connection reset", 0);
    assertThat(agreed.mse.mayRetryInPlaintext()).isFalse();

    End closedByUs = End.initiator(PREFER, 1);
    closedByUs.wire.close();
    closedByUs.pass(0);
    assertThat(closedByUs.mse.mayRetryInPlaintext()).isFalse();

    acceptor.mse.failed("connection reset", 0);
    assertThat(acceptor.mse.mayRetryInPlaintext()).isFalse();
  }

  @Test
  void e10_afterRc4WasSelectedPlaintextIsNotUnderstood() {
    answerKey();
    dialler.hear(answerer.select(RC4, 0));
    dialler.hear(RawMse.handshake(End.TORRENT));
    assertThat(dialler.violation()).isEqualTo(Violation.HANDSHAKE_PROTOCOL);
  }

  // ---------------------------------------------------------------- E11: floods

  @Test
  void e11_strangersGetTwoHundredKeyExchangesASecondAndPlaintextIsUnaffected() {
    Mse mse = new Mse(PREFER, End.table(End.TORRENT), End.random(1));
    byte[] key = initiator.publicKey();
    int served = 0;
    for (int i = 0; i < 1000; i++) {
      End end = End.acceptor(mse);
      end.now = i * SECOND / 5000; // five thousand a second, for a fifth of it
      end.hear(key);
      if (end.mse.pending() > 0) {
        served++;
      } else {
        assertThat(end.cause().toString()).contains("too many encrypted handshakes");
      }
    }
    assertThat(served).isEqualTo(200 + 200 / 5 - 1);

    End plain = End.acceptor(mse);
    plain.hear(RawMse.handshake(End.TORRENT));
    assertThat(plain.peer().toString()).contains("rawraw");

    End later = End.acceptor(mse);
    later.now = 2 * SECOND;
    later.hear(key);
    assertThat(later.mse.pending()).isPositive();
  }

  @Test
  void e11_theRateIsThatOfAnyClock() {
    for (long start : new long[] {0, Long.MIN_VALUE, Long.MAX_VALUE - SECOND / 2, -1}) {
      HandshakeRate rate = new HandshakeRate(10);
      int granted = 0;
      for (int i = 0; i < 300; i++) {
        granted += rate.grants(start + i * SECOND / 100) ? 1 : 0;
      }
      assertThat(granted).as("from %d on", start).isBetween(38, 40);
    }
  }

  @Test
  void e11_noKeyIsComputedBeforeAllOfThePeersIsIn() {
    int[] drawn = {0};
    RandomSource counting = target -> drawn[0]++;
    End end = End.acceptor(new Mse(PREFER, Torrents.NONE, counting));
    end.hear(Arrays.copyOf(initiator.publicKey(), 95));
    assertThat(drawn[0]).isZero();
  }

  // ---------------------------------------------------------------- E12: secrets

  @Test
  void e12_keysAreGoneWhenTheWireHasEnded() {
    exchangeKeys();
    acceptor.hear(
        RawMse.join(
            initiator.req1(),
            initiator.torrent(End.TORRENT),
            initiator.provide(RC4, 0, 68),
            initiator.encrypt(RawMse.handshake(End.TORRENT))));
    Rc4 in = Negotiation.known(acceptor.mse.in);
    Encryptor out = Negotiation.known(acceptor.mse.encryptor);
    assertThat(acceptor.mse.toString()).isEqualTo("MseTransport[OPEN, RC4, " + End.TORRENT + "]");
    acceptor.wire.close(); // our handshake still waits, and is still sent, encrypted
    acceptor.pass(0);
    assertThat(in.isWiped()).isTrue();
    assertThat(out.isWiped()).isFalse();
    byte[] said = acceptor.say();
    byte[] select = initiator.decrypt(said);
    assertThat(
            new String(select, select.length - 20, 20, java.nio.charset.StandardCharsets.US_ASCII))
        .isEqualTo("-PW0000-acceptoracce");
    assertThat(out.isWiped()).isTrue();
    assertThat(acceptor.mse.pending()).isZero();
  }

  @Test
  void e12_keysAreGoneWhenTheNegotiationFails() {
    exchangeKeys();
    acceptor.hear(RawMse.join(initiator.req1(), initiator.torrent(End.TORRENT)));
    Negotiation side = Negotiation.known(acceptor.mse.negotiation());
    Rc4 in = Negotiation.known(side.in);
    acceptor.mse.failed("connection reset", 0);
    assertThat(in.isWiped()).isTrue();
    assertThat(side.secret).isNull();
    assertThat(acceptor.mse.negotiation()).isNull();
  }

  @Test
  void e12_aSecretIsOverwritten() {
    byte[] bytes = new SplitMix64(1).bytes(96);
    Secret secret = new Secret(bytes);
    secret.wipe();
    assertThat(bytes).containsOnly(0);
  }

  @Test
  void theTimesCanBeSet() {
    MseOptions options =
        MseOptions.builder(EncryptionPolicy.PREFER)
            .keyTimeout(Duration.ofSeconds(1))
            .unknownTorrent(Duration.ZERO, 0)
            .build();
    End slow = End.acceptor(options, 1);
    slow.hear(new byte[1]);
    slow.pass(SECOND);
    assertThat(slow.timedOut()).isEqualTo(Timeout.HANDSHAKE_TIMEOUT);
    End curious = End.acceptor(options, 1);
    askForUnknown(curious);
    curious.pass(0);
    assertThat(curious.violation()).isEqualTo(Violation.MSE_UNKNOWN_TORRENT);
  }
}
