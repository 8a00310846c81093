package org.peerwire.mse;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.peerwire.InfoHash;
import org.peerwire.Violation;
import org.peerwire.wire.Transport;

/** The side that dialled. */
final class Initiator extends Negotiation {
  private enum Stage {
    KEY,
    SYNC,
    SELECT,
    PADDING
  }

  private final InfoHash torrent;
  private final Transport wire;
  private final Scratch scratch;
  private final DiffieHellman exchange;
  private final int offered;

  private Stage stage = Stage.KEY;

  /** VC as the acceptor will send it: eight zero bytes, encrypted. */
  private byte[] sync = {};

  private @Nullable Encryptor encryptor;
  private @Nullable Encryption selected;

  /** Begins: our key waits to be sent. */
  Initiator(
      MseOptions options,
      RandomSource random,
      HandshakeOutput out,
      InfoHash torrent,
      Transport wire,
      Scratch scratch) {
    super(options, random, out);
    this.torrent = torrent;
    this.wire = wire;
    this.scratch = scratch;
    infoHash = torrent;
    exchange = new DiffieHellman(random);
    int bits = 0;
    for (Encryption method : options.methods()) {
      bits |= method.bit();
    }
    offered = bits;
    sayKey(exchange.publicKey());
  }

  @Override
  Verdict read(ByteBuffer input, long now) {
    while (input.hasRemaining()) {
      switch (stage) {
        case KEY -> {
          if (collect(input, DiffieHellman.LENGTH)) {
            key();
          }
        }
        case SYNC -> {
          if (findsEndOfPadding(input, sync)) {
            count = 0;
            stage = Stage.SELECT;
          }
        }
        case SELECT -> {
          if (collect(input, METHOD_AND_PADDING) && select()) {
            return done();
          }
        }
        case PADDING -> {
          if (skipsPadding(input, known(in))) {
            return done();
          }
        }
      }
    }
    return Verdict.MORE;
  }

  @Override
  @Nullable Encryptor encryptor() {
    return encryptor;
  }

  @Override
  int initialPayload() {
    return 0;
  }

  @Override
  int missing() {
    return switch (stage) {
      case KEY -> DiffieHellman.LENGTH - count;
      case SYNC -> Math.max(1, VC - count);
      case SELECT -> METHOD_AND_PADDING - count;
      case PADDING -> paddingLeft;
    };
  }

  @Override
  void forget() {
    super.forget();
    exchange.wipe();
  }

  /** The acceptor's key is in: everything else we have to say can be said. */
  private void key() {
    if (!DiffieHellman.isKey(held)) {
      throw new MseException(Violation.MSE_BAD_KEY, "");
    }
    Secret shared = new Secret(exchange.secret(held));
    exchange.wipe();
    out.add(shared.req1());
    out.add(shared.mask(Secret.req2(torrent)));

    // The wire's first bytes, its handshake, go along: that saves a round trip. They are the
    // initial payload, IA.
    int payload = (int) Math.min(wire.pending(), options.maxInitialPayload());
    int padding = paddingLength();
    ByteBuffer plain = ByteBuffer.allocate(VC + METHOD_AND_PADDING + padding + 2);
    plain.position(VC);
    plain.putInt(offered).putChar((char) padding);
    plain.position(plain.position() + padding);
    plain.putChar((char) payload);
    Rc4 cipher = shared.initiatorCipher(torrent);
    cipher.apply(plain.clear());
    out.add(plain.array());
    Encryptor ours = new Encryptor(cipher, scratch);
    encryptor = ours;
    ours.drain(wire, out::addOfWire, payload);

    Rc4 theirs = shared.acceptorCipher(torrent);
    in = theirs;
    shared.wipe();
    sync = new byte[VC];
    theirs.apply(sync, 0, VC);
    expectPadding();
    stage = Stage.SYNC;
  }

  /** Reads crypto_select. Returns whether no padding follows. */
  private boolean select() {
    ByteBuffer plain = decrypted(known(in));
    int bits = plain.getInt();
    for (Encryption method : options.methods()) {
      if (method.bit() == bits) {
        selected = method;
      }
    }
    if (selected == null) {
      String detail = "selected " + Integer.toUnsignedString(bits) + ", offered " + offered;
      throw new MseException(Violation.MSE_SELECT, detail);
    }
    readPaddingLength(plain);
    stage = Stage.PADDING;
    return paddingLeft == 0;
  }

  private Verdict done() {
    result = selected;
    if (selected == Encryption.PLAINTEXT) {
      known(encryptor).wipe();
      encryptor = null;
    }
    return Verdict.DONE;
  }
}
