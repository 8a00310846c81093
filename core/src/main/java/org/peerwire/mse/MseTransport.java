package org.peerwire.mse;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.peerwire.InfoHash;
import org.peerwire.Violation;
import org.peerwire.ViolationReport;
import org.peerwire.frame.OutputSink;
import org.peerwire.wire.CloseCause;
import org.peerwire.wire.Timeout;
import org.peerwire.wire.Transport;
import org.peerwire.wire.WireTransport;

/**
 * Encryption between a connection and a wire. An adapter calls it instead of the wire's own
 * transport, with the same verbs. While both sides negotiate, what the wire has to say is held
 * back; then bytes pass, encrypted or as they are.
 *
 * <pre>
 *   connection --receive--> negotiation | RC4 | as they are --receive--> wire
 *   connection &lt;--drainTo-- negotiation | RC4 | as they are &lt;--drainTo-- wire
 * </pre>
 *
 * <p>Input is decrypted in memory of its own; the caller's is not changed. Encrypted output is
 * handed over as {@link OutputSink#control}, since blocks are the application's and regions must be
 * read for it; what is not encrypted keeps passing by reference. It is an ordinary wire to the
 * application: if the negotiation fails, the wire ends with that cause.
 *
 * <p>Belongs to one thread at a time, the wire's. Made by {@link Mse}.
 */
public final class MseTransport implements Transport {
  /** After so long without a byte, memory for decrypting is given back. */
  private static final long SCRATCH_NANOS = 5_000_000_000L;

  private enum Phase {
    NEGOTIATING,
    /** The peer means an unknown torrent, and is not to learn that it is unknown. */
    SWALLOWING,
    OPEN,
    /** Nothing is left to do; all keys are gone. */
    ENDED
  }

  private final WireTransport wire;
  private final MseOptions options;
  private final RandomSource random;
  private final HandshakeOutput out;
  private final Scratch scratch;
  private final boolean isInitiator;

  private Phase phase;
  private @Nullable Negotiation negotiation;
  private @Nullable Encryption encryption;
  private @Nullable InfoHash infoHash;
  private boolean failed;

  @Nullable Rc4 in;
  @Nullable Encryptor encryptor;

  /** How many encrypted bytes of the stream came along with the handshake and are still to come. */
  private int payloadLeft;

  private long received;
  private long now;
  private long firstByteAt;
  private long swallowingAt;
  private long swallowingNanos;
  private long swallowed;
  private long scratchAt;

  MseTransport(
      WireTransport wire,
      MseOptions options,
      RandomSource random,
      HandshakeOutput out,
      Scratch scratch,
      @Nullable Negotiation negotiation) {
    this.wire = wire;
    this.options = options;
    this.random = random;
    this.out = out;
    this.scratch = scratch;
    this.negotiation = negotiation;
    isInitiator = negotiation instanceof Initiator;
    if (negotiation == null) {
      phase = Phase.OPEN;
      encryption = Encryption.NONE;
    } else {
      phase = Phase.NEGOTIATING;
      infoHash = negotiation.infoHash;
    }
  }

  /**
   * What protects the connection; null while that is not known, and for ever if the negotiation
   * failed.
   */
  public @Nullable Encryption encryption() {
    return encryption;
  }

  /**
   * The torrent that encryption was negotiated for; null while that is not known, or if there is
   * none.
   */
  public @Nullable InfoHash infoHash() {
    return infoHash;
  }

  /**
   * Whether we dialled, the negotiation failed, and the policy allows for one more try in
   * plaintext: on a new connection, with a new wire and without this. Whoever does so reports
   * {@link Violation#MSE_DOWNGRADED} if it works. Never true once encryption was agreed on, nor if
   * we closed the wire ourselves.
   */
  public boolean mayRetryInPlaintext() {
    return failed && options.policy() == EncryptionPolicy.PREFER && isInitiator;
  }

  @Override
  public void receive(ByteBuffer input, long time) {
    now = time;
    try {
      if (received == 0) {
        firstByteAt = time;
      }
      received += input.remaining();
      if (phase == Phase.NEGOTIATING && !wire.isClosed()) {
        negotiate(input);
      }
      if (phase == Phase.SWALLOWING) {
        swallowed += input.remaining();
      } else if (phase == Phase.OPEN) {
        pass(input);
      }
    } finally {
      input.position(input.limit());
      settle();
    }
  }

  @Override
  public void endOfInput(long time) {
    now = time;
    try {
      if (phase == Phase.SWALLOWING) {
        endUnknownTorrent();
      } else if (phase == Phase.NEGOTIATING && received > 0 && negotiation != null) {
        end(new CloseCause.CutInFrame(negotiation.missing()));
      } else {
        failed |= phase == Phase.NEGOTIATING && !wire.isClosed();
        wire.endOfInput(time);
      }
    } finally {
      settle();
    }
  }

  @Override
  public void failed(String message, long time) {
    now = time;
    try {
      end(new CloseCause.TransportFailed(message));
    } finally {
      settle();
    }
  }

  @Override
  public long drainTo(OutputSink sink, long max) {
    long count = out.drainTo(sink, max);
    if (phase == Phase.OPEN && count < max) {
      count += drainWire(sink, max - count);
    }
    settle();
    return count;
  }

  @Override
  public void sent(long bytes, long time) {
    now = time;
    try {
      long ofWire = out.sent(bytes);
      if (ofWire > 0) {
        wire.sent(ofWire, time);
      }
      checkRegions();
    } finally {
      settle();
    }
  }

  @Override
  public long pending() {
    return out.size() + (phase == Phase.OPEN && regionFailure() == null ? wire.pending() : 0);
  }

  @Override
  public boolean wantsInput() {
    boolean full = phase == Phase.SWALLOWING && swallowed >= options.maxSwallowed();
    return !full && wire.wantsInput();
  }

  @Override
  public long nanosUntilTimeout(long time) {
    now = time;
    long least = wire.nanosUntilTimeout(time);
    if (!wire.isClosed()) {
      if (isKeyAwaited()) {
        least = Math.min(least, options.keyNanos() - (time - firstByteAt));
      } else if (phase == Phase.SWALLOWING) {
        least = Math.min(least, swallowingNanos - (time - swallowingAt));
      } else if (regionFailure() != null) {
        least = 0;
      }
    }
    if (scratch.isHeld()) {
      least = Math.min(least, SCRATCH_NANOS - (time - scratchAt));
    }
    return Math.max(0, least);
  }

  @Override
  public void timeout(long time) {
    now = time;
    try {
      if (!wire.isClosed()) {
        raiseTimeouts();
      }
      boolean wasClosed = wire.isClosed();
      wire.timeout(time);
      failed |= phase == Phase.NEGOTIATING && !wasClosed && wire.isClosed();
    } finally {
      if (scratch.isHeld() && time - scratchAt >= SCRATCH_NANOS) {
        scratch.drop();
      }
      settle();
    }
  }

  @Override
  public boolean isClosed() {
    return wire.isClosed();
  }

  @Override
  public void onWork(Runnable run) {
    wire.onWork(run);
  }

  /** The wire itself, once the peer turned out to speak plain BitTorrent. */
  @Override
  public Transport successor() {
    return phase == Phase.OPEN && encryption == Encryption.NONE ? wire : this;
  }

  /** The state in one line, without keys. */
  @Override
  public String toString() {
    return "MseTransport[" + phase + ", " + encryption + ", " + infoHash + "]";
  }

  @Nullable Negotiation negotiation() {
    return negotiation;
  }

  boolean holdsScratch() {
    return scratch.isHeld();
  }

  private void negotiate(ByteBuffer input) {
    Negotiation side = Negotiation.known(negotiation);
    Negotiation.Verdict verdict;
    try {
      verdict = side.read(input, now);
    } catch (MseException e) {
      end(new CloseCause.Violated(report(e.violation(), e.detail(), received - input.remaining())));
      return;
    } catch (RuntimeException e) {
      end(new CloseCause.ListenerFailed(e)); // the application's torrents or its random source
      return;
    }
    switch (verdict) {
      case MORE -> {}
      case DONE -> open(side);
      case UNKNOWN_TORRENT -> swallow();
      case BUSY ->
          end(new CloseCause.TransportFailed("too many encrypted handshakes began at once"));
    }
  }

  private void open(Negotiation side) {
    phase = Phase.OPEN;
    negotiation = null;
    encryption = side.result;
    if (encryption == Encryption.NONE) {
      wire.receive(side.start(), now);
      return;
    }
    InfoHash torrent = Negotiation.known(side.infoHash);
    infoHash = torrent;
    wire.expectInfoHash(torrent);
    in = side.in;
    encryptor = side.encryptor();
    payloadLeft = side.initialPayload();
    side.forget();
    dropCipherOfPlaintext();
  }

  private void swallow() {
    phase = Phase.SWALLOWING;
    swallowingAt = now;
    byte[] bytes = new byte[4];
    random.nextBytes(bytes);
    double share = (ByteBuffer.wrap(bytes).getInt() & 0xffffffffL) / 0x1p32;
    swallowingNanos = (long) (share * options.unknownTorrentNanos());
  }

  private void pass(ByteBuffer input) {
    while (input.hasRemaining() && !wire.isClosed()) {
      Rc4 cipher = in;
      if (cipher == null) {
        wire.receive(input, now);
        return;
      }
      int part = Math.min(input.remaining(), Scratch.LARGEST);
      if (payloadLeft > 0) {
        part = Math.min(part, payloadLeft);
        payloadLeft -= part;
      }
      decrypt(cipher, input, part);
      dropCipherOfPlaintext();
    }
  }

  private void decrypt(Rc4 cipher, ByteBuffer input, int length) {
    ByteBuffer plain = scratch.take(length);
    try {
      plain.put(0, input, input.position(), length).limit(length);
      input.position(input.position() + length);
      cipher.apply(plain);
      wire.receive(plain, now);
    } finally {
      scratch.give(plain);
      scratchAt = now;
    }
  }

  /**
   * What came along with the handshake is encrypted in any case; what comes behind it only if that
   * was agreed on.
   */
  private void dropCipherOfPlaintext() {
    if (in != null && encryption == Encryption.PLAINTEXT && payloadLeft == 0) {
      in.wipe();
      in = null;
    }
  }

  private long drainWire(OutputSink sink, long max) {
    if (encryptor == null) {
      return wire.drainTo(sink, max);
    }
    scratchAt = now;
    return encryptor.drain(wire, sink::control, max);
  }

  private void raiseTimeouts() {
    if (isKeyAwaited() && now - firstByteAt >= options.keyNanos()) {
      end(new CloseCause.TimedOut(Timeout.HANDSHAKE_TIMEOUT));
    } else if (phase == Phase.SWALLOWING) {
      // Not even an unknown torrent makes the handshakes take longer than they may.
      if (now - swallowingAt >= swallowingNanos || wire.nanosUntilTimeout(now) == 0) {
        endUnknownTorrent();
      }
    } else {
      checkRegions();
    }
  }

  private boolean isKeyAwaited() {
    return phase == Phase.NEGOTIATING && received > 0 && received < DiffieHellman.LENGTH;
  }

  private void endUnknownTorrent() {
    end(new CloseCause.Violated(report(Violation.MSE_UNKNOWN_TORRENT, "", received)));
  }

  /** A block that the peer was promised can't be read: the connection ends. */
  private void checkRegions() {
    String failure = regionFailure();
    if (failure != null && !wire.isClosed()) {
      wire.failed(failure, now);
    }
  }

  private @Nullable String regionFailure() {
    return encryptor == null ? null : encryptor.failure();
  }

  private void end(CloseCause cause) {
    failed |= phase == Phase.NEGOTIATING && !wire.isClosed();
    wire.end(cause, now);
  }

  private static ViolationReport report(Violation violation, String detail, long offset) {
    return new ViolationReport(violation, detail, offset, -1, "");
  }

  /** Every call ends here: when the wire has ended, the keys go as soon as nothing needs them. */
  private void settle() {
    if (phase == Phase.ENDED || !wire.isClosed()) {
      return;
    }
    wipe(in);
    in = null;
    if (phase == Phase.OPEN && wire.pending() > 0 && regionFailure() == null) {
      return; // what waits is still sent
    }
    phase = Phase.ENDED;
    if (negotiation != null) {
      negotiation.forget();
      wipe(negotiation.in);
      wipe(negotiation.encryptor());
      negotiation = null;
    }
    wipe(encryptor);
    encryptor = null;
    out.clear();
    scratch.drop();
  }

  private static void wipe(@Nullable Rc4 cipher) {
    if (cipher != null) {
      cipher.wipe();
    }
  }

  private static void wipe(@Nullable Encryptor encryptor) {
    if (encryptor != null) {
      encryptor.wipe();
    }
  }
}
