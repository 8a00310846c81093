package org.peerwire.wire;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.peerwire.SafeText;
import org.peerwire.Violation;
import org.peerwire.bencode.Bencode;
import org.peerwire.bencode.BencodeDict;
import org.peerwire.bencode.BencodeDocument;
import org.peerwire.bencode.BencodeException;
import org.peerwire.bencode.BencodeLimits;
import org.peerwire.bencode.BencodeMode;
import org.peerwire.extension.ExtensionHandshake;

/**
 * The extensions that are in use, and both extension handshakes.
 *
 * <p>Ours is owed as soon as an extension is used or a field was set. It is said right after what
 * we have, which with the fast extension must be first; else before anything else is said; at the
 * latest by the next timeout, which is due at once: later than {@link PeerListener#onHandshake}, so
 * that an application has the time to say what we have.
 */
final class Extensions {
  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);
  private static final int HANDSHAKES_PER_MINUTE = 10;

  private final PeerWire wire;

  /** At {@code id - 1}. Null for a wire that speaks none. */
  private @Nullable List<Extension> used;

  /** What the application says beside the extensions. */
  private @Nullable ExtensionHandshake fields;

  private boolean said;

  private @Nullable ExtensionHandshake peer;
  private int handshakes;
  private long handshakesSince;

  Extensions(PeerWire wire) {
    this.wire = wire;
  }

  /** What the peer has said so far, or null. */
  @Nullable ExtensionHandshake peer() {
    return peer;
  }

  void use(Extension extension) {
    List<Extension> all = used;
    if (all == null) {
      all = new ArrayList<>(4);
      used = all;
    }
    if (all.size() == ExtensionHandshake.MAX_ID) {
      throw new IllegalStateException(all.size() + " extensions are in use");
    }
    for (Extension each : all) {
      if (each.name().equals(extension.name())) {
        throw new IllegalStateException(extension.name() + " is in use");
      }
    }
    extension.attach(wire, all.size() + 1);
    all.add(extension);
    sayAgain();
  }

  void disuse(Extension extension) {
    if (!all().contains(extension)) {
      throw new IllegalArgumentException(extension + " is not in use here");
    }
    if (extension.enabled) {
      extension.enabled = false;
      sayAgain();
    }
  }

  <E extends Extension> @Nullable E get(Class<E> type) {
    for (Extension each : all()) {
      if (type.isInstance(each)) {
        return type.cast(each);
      }
    }
    return null;
  }

  void fields(ExtensionHandshake more) {
    ExtensionHandshake before = fields;
    fields = before == null ? more : before.plus(more);
    sayAgain();
  }

  void describeAgain(Extension extension) {
    if (extension.enabled && wire.isOpen()) {
      sayAgain();
    }
  }

  /** Whether our extension handshake is to be sent. */
  boolean isOwed() {
    return !said && isManaged() && wire.isOpen() && wire.terms.extensions;
  }

  /**
   * Something is about to be said, or what we have was: now it is our extension handshake's turn.
   */
  void sayOwed() {
    if (!isOwed()) {
      return;
    }
    said = true;
    send(ours());
  }

  /** An extended message came, and was raised as it is. */
  void received(int id, ByteBuffer payload) {
    if (id == 0) {
      handshake(payload);
    } else if (isManaged()) {
      List<Extension> all = all();
      if (id <= all.size() && all.get(id - 1).enabled) {
        all.get(id - 1).onMessage(payload);
      } else {
        wire.conduct.tolerates(Violation.EXTENSION_UNKNOWN_ID, unknown(id));
      }
    }
  }

  /** In nanoseconds; 0: something is due now. */
  long nanosUntilTimeout(long now) {
    if (isOwed()) {
      return 0;
    }
    long least = Deadlines.NEVER;
    if (wire.isOpen()) {
      for (Extension extension : all()) {
        least = Math.min(least, extension.unheard ? 0 : extension.nanosUntilTimeout(now));
      }
    }
    return Math.max(0, least);
  }

  void timeout(long now) {
    if (isOwed()) {
      wire.sayExtensions();
    }
    for (int i = 0; i < all().size() && wire.isOpen(); i++) {
      Extension extension = all().get(i);
      ExtensionHandshake heard = peer;
      if (extension.unheard && heard != null) {
        extension.unheard = false;
        extension.onHandshake(heard);
      }
      if (wire.isOpen()) {
        extension.onTimeout(now);
      }
    }
  }

  void sent() {
    if (used != null && wire.transport.hasRoom()) {
      for (int i = 0; i < all().size() && wire.isOpen(); i++) {
        all().get(i).onRoom();
      }
    }
  }

  /**
   * Tells every extension that the wire ended, whatever one of them throws.
   *
   * @param before what was thrown so far
   * @return what is to be thrown, or null
   */
  @Nullable Throwable close(@Nullable Throwable before) {
    Throwable thrown = before;
    for (Extension extension : all()) {
      try {
        extension.onClose();
      } catch (RuntimeException | Error e) {
        if (thrown == null) {
          thrown = e;
        } else {
          thrown.addSuppressed(e);
        }
      }
    }
    return thrown;
  }

  private List<Extension> all() {
    return used == null ? List.of() : used;
  }

  /** Whether the wire speaks the extension protocol itself, and not the application with bytes. */
  private boolean isManaged() {
    return used != null || fields != null;
  }

  /**
   * Something of it changed. What changed would do, but there are clients that take a later
   * handshake for all there is; so all is said again.
   */
  private void sayAgain() {
    if (said) {
      send(ours());
    }
  }

  private ExtensionHandshake ours() {
    ExtensionHandshake.Builder all = ExtensionHandshake.builder();
    all.reqq(Math.min(wire.options().maxPeerRequests(), ExtensionHandshake.MAX_REQQ));
    if (fields != null) {
      all.addAll(fields);
    }
    for (Extension extension : all()) {
      all.m(extension.name(), extension.enabled ? extension.id() : 0);
      if (extension.enabled) {
        extension.describe(all);
      }
    }
    return all.build();
  }

  private void send(ExtensionHandshake message) {
    wire.extended(0, ByteBuffer.wrap(message.encode()));
  }

  private void handshake(ByteBuffer payload) {
    if (!isWelcome()) {
      return;
    }
    BencodeDocument document;
    try {
      document = Bencode.parsePrefix(payload, BencodeLimits.WIRE, BencodeMode.LENIENT);
    } catch (BencodeException e) {
      wire.conduct.tolerates(violation(e), e.getMessage());
      return;
    }
    if (!(document.root() instanceof BencodeDict root)) {
      wire.conduct.tolerates(Violation.EXTENSION_MALFORMED, "not a dictionary");
      return;
    }
    ExtensionHandshake message = ExtensionHandshake.read(root);
    boolean kept =
        (document.isCanonical() || tolerates(Violation.BENCODE_NOT_CANONICAL))
            && (document.end() == payload.remaining() || tolerates(Violation.EXTENSION_TRAILING))
            && (!message.hasDuplicateIds() || tolerates(Violation.EXTENSION_DUPLICATE_ID));
    if (!kept || wire.isClosed()) {
      return;
    }
    ExtensionHandshake before = peer;
    ExtensionHandshake now =
        before == null ? ExtensionHandshake.EMPTY.plus(message) : before.plus(message);
    peer = now;
    wire.listener.onExtensionHandshake(wire, now);
    for (int i = 0; i < all().size() && wire.isOpen(); i++) {
      all().get(i).unheard = false;
      all().get(i).onHandshake(now);
    }
  }

  /** Nobody has so much to say; the rest is not read. */
  private boolean isWelcome() {
    long now = wire.deadlines.now();
    if (handshakes == 0 || now - handshakesSince > MINUTE) {
      handshakes = 0;
      handshakesSince = now;
    }
    return handshakes < HANDSHAKES_PER_MINUTE && ++handshakes > 0;
  }

  private boolean tolerates(Violation violation) {
    return wire.conduct.tolerates(violation, "extension handshake");
  }

  private static Violation violation(BencodeException e) {
    return switch (e.fault()) {
      case DEPTH -> Violation.BENCODE_DEPTH;
      case STRING_LENGTH -> Violation.BENCODE_STRING_LENGTH;
      case INTEGER -> Violation.BENCODE_INTEGER;
      default -> Violation.EXTENSION_MALFORMED;
    };
  }

  /** A common slip is to send under the sender's own id. */
  private String unknown(int id) {
    ExtensionHandshake heard = peer;
    if (heard != null) {
      for (Map.Entry<String, Integer> entry : heard.m().entrySet()) {
        if (entry.getValue() == id) {
          return "extended id " + id + ", the peer's own for " + SafeText.of(entry.getKey());
        }
      }
    }
    return "extended id " + id;
  }
}
