package org.peerwire.mse;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.peerwire.Violation;

/** The side that was dialled. It also tells plain BitTorrent apart, by its first 20 bytes. */
final class Acceptor extends Negotiation {
  private static final byte[] PROTOCOL =
      "\u0013BitTorrent protocol".getBytes(StandardCharsets.ISO_8859_1);

  private enum Stage {
    DETECT,
    KEY,
    SYNC,
    TORRENT,
    PROVIDE,
    PADDING,
    PAYLOAD_LENGTH
  }

  private final Torrents torrents;
  private final HandshakeRate rate;
  private final Scratch scratch;

  private Stage stage = Stage.DETECT;
  private byte[] sync = {};
  private @Nullable Encryption selected;
  private @Nullable Rc4 cipher;
  private @Nullable Encryptor encryptor;
  private int initialPayload;

  Acceptor(
      MseOptions options,
      RandomSource random,
      HandshakeOutput out,
      Torrents torrents,
      HandshakeRate rate,
      Scratch scratch) {
    super(options, random, out);
    this.torrents = torrents;
    this.rate = rate;
    this.scratch = scratch;
  }

  @Override
  Verdict read(ByteBuffer input, long now) {
    while (input.hasRemaining()) {
      switch (stage) {
        case DETECT -> {
          if (isPlain(input)) {
            return Verdict.DONE;
          }
        }
        case KEY -> {
          if (collect(input, DiffieHellman.LENGTH)) {
            if (!DiffieHellman.isKey(held)) {
              throw new MseException(Violation.MSE_BAD_KEY, "");
            }
            if (!rate.grants(now)) {
              return Verdict.BUSY;
            }
            key();
          }
        }
        case SYNC -> {
          if (findsEndOfPadding(input, sync)) {
            count = 0;
            stage = Stage.TORRENT;
          }
        }
        case TORRENT -> {
          if (collect(input, Secret.HASH) && !torrent()) {
            return Verdict.UNKNOWN_TORRENT;
          }
        }
        case PROVIDE -> {
          if (collect(input, VC + METHOD_AND_PADDING)) {
            provide();
          }
        }
        case PADDING -> {
          if (skipsPadding(input, known(in))) {
            stage = Stage.PAYLOAD_LENGTH;
          }
        }
        case PAYLOAD_LENGTH -> {
          if (collect(input, 2)) {
            answer();
            return Verdict.DONE;
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
    return initialPayload;
  }

  @Override
  int missing() {
    return switch (stage) {
      case DETECT -> PROTOCOL.length - count;
      case KEY -> DiffieHellman.LENGTH - count;
      case SYNC -> Math.max(1, Secret.HASH - count);
      case TORRENT -> Secret.HASH - count;
      case PROVIDE -> VC + METHOD_AND_PADDING - count;
      case PADDING -> paddingLeft;
      case PAYLOAD_LENGTH -> 2 - count;
    };
  }

  @Override
  void forget() {
    super.forget();
    if (cipher != null && encryptor == null) {
      cipher.wipe();
    }
  }

  private boolean isPlain(ByteBuffer input) {
    byte next = input.get();
    held[count++] = next;
    if (next != PROTOCOL[count - 1]) {
      stage = Stage.KEY;
      return false;
    }
    if (count < PROTOCOL.length) {
      return false;
    }
    if (options.policy() == EncryptionPolicy.REQUIRE) {
      throw new MseException(Violation.MSE_REQUIRED, "");
    }
    result = Encryption.NONE;
    return true;
  }

  private void key() {
    DiffieHellman exchange = new DiffieHellman(random);
    Secret shared = new Secret(exchange.secret(held));
    secret = shared;
    sayKey(exchange.publicKey());
    exchange.wipe();
    sync = shared.req1();
    expectPadding();
    stage = Stage.SYNC;
  }

  /** Finds the torrent that the peer means. Returns whether it is here. */
  private boolean torrent() {
    Secret shared = known(secret);
    byte[] masked = new byte[Secret.HASH];
    System.arraycopy(held, 0, masked, 0, count);
    count = 0;
    infoHash = torrents.find(shared.mask(masked));
    if (infoHash != null) {
      in = shared.initiatorCipher(infoHash);
      cipher = shared.acceptorCipher(infoHash);
      stage = Stage.PROVIDE;
    }
    shared.wipe();
    secret = null;
    return infoHash != null;
  }

  private void provide() {
    ByteBuffer plain = decrypted(known(in));
    if (plain.getLong() != 0) {
      throw new MseException(Violation.MSE_VC, "");
    }
    int bits = plain.getInt();
    // Bits that nobody has defined yet do no harm.
    for (Encryption method : options.methods()) {
      if (selected == null && (bits & method.bit()) != 0) {
        selected = method;
      }
    }
    if (selected == null) {
      String detail =
          "offered " + Integer.toUnsignedString(bits) + ", taken are " + options.methods();
      throw new MseException(Violation.MSE_SELECT, detail);
    }
    readPaddingLength(plain);
    stage = paddingLeft == 0 ? Stage.PAYLOAD_LENGTH : Stage.PADDING;
  }

  /** Reads how much payload comes along, and answers: what we say next, the wire says. */
  private void answer() {
    initialPayload = decrypted(known(in)).getChar();
    if (initialPayload > options.maxInitialPayload()) {
      String detail = initialPayload + " bytes, at most " + options.maxInitialPayload();
      throw new MseException(Violation.MSE_INITIAL_PAYLOAD, detail);
    }
    Encryption method = known(selected);
    Rc4 ours = known(cipher);
    int padding = paddingLength();
    ByteBuffer plain = ByteBuffer.allocate(VC + METHOD_AND_PADDING + padding);
    plain.position(VC);
    plain.putInt(method.bit()).putChar((char) padding);
    ours.apply(plain.clear());
    out.add(plain.array());
    if (method == Encryption.RC4) {
      encryptor = new Encryptor(ours, scratch);
    }
    result = method;
  }
}
