package org.peerwire.wire;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.peerwire.Violation;
import org.peerwire.bencode.Bencode;
import org.peerwire.bencode.BencodeDict;
import org.peerwire.bencode.BencodeDocument;
import org.peerwire.bencode.BencodeException;
import org.peerwire.bencode.BencodeLimits;
import org.peerwire.bencode.BencodeMode;
import org.peerwire.bencode.BencodeWriter;
import org.peerwire.extension.ExtensionHandshake;

/**
 * An extension that one wire speaks (<a href="https://www.bittorrent.org/beps/bep_0010.html">BEP
 * 10</a>): the handle that the application keeps. {@link PeerWire#use} puts it to use, once.
 *
 * <pre>{@code
 * final class Chat extends Extension {
 *   Chat() {
 *     super("my_chat");
 *   }
 *   void say(String line) {
 *     send(StandardCharsets.UTF_8.encode(line));
 *   }
 *   @Override
 *   protected void onMessage(ByteBuffer payload) {
 *     System.out.println(StandardCharsets.UTF_8.decode(payload));
 *   }
 * }
 *
 * Chat chat = wire.use(new Chat());
 * }</pre>
 *
 * <p>The {@code on...} methods are events: raised by the thread that drives the transport, never by
 * a verb. Whatever else there is to call may be called inside them.
 */
public abstract class Extension {
  private final String name;
  private @Nullable PeerWire wire;

  /** The id under which we receive, 1 to 255. */
  int id;

  /** Whether the peer may send: not any more after {@link PeerWire#disuse}. */
  boolean enabled;

  /** Whether the peer's handshake was there before this, and is still to be raised. */
  boolean unheard;

  /**
   * An extension.
   *
   * @param name as it stands in the extension handshake; by convention with the letters of the
   *     client that invented it and an underscore before it, such as {@code ut_pex}
   */
  protected Extension(String name) {
    this.name = name;
  }

  /** The name in the extension handshake. */
  public final String name() {
    return name;
  }

  /** The id under which we receive its messages, 1 to 255, or 0 before {@link PeerWire#use}. */
  public final int id() {
    return id;
  }

  /** The id under which the peer receives its messages, 1 to 255, or 0 if it does not. */
  public final int peerId() {
    ExtensionHandshake peer = wire == null ? null : wire.peerExtensions();
    return peer == null ? 0 : peer.id(name);
  }

  /** Whether messages can be sent: the peer speaks it, as far as it told, and the wire is open. */
  public final boolean isSupported() {
    PeerWire used = wire;
    return used != null && used.isOpen() && used.terms.extensions && peerId() != 0;
  }

  /** Whether the peer may send messages: from {@link PeerWire#use} to {@link PeerWire#disuse}. */
  public final boolean isEnabled() {
    return enabled;
  }

  /**
   * The wire that speaks it.
   *
   * @throws IllegalStateException if none does
   */
  public final PeerWire wire() {
    PeerWire used = wire;
    if (used == null) {
      throw new IllegalStateException(name + " is not in use");
    }
    return used;
  }

  // ---------------------------------------------------------------- to be called

  /**
   * Sends a message.
   *
   * @param payload copied; its position stays
   * @return whether it was sent; not if {@link #isSupported} is false
   */
  protected final boolean send(ByteBuffer payload) {
    if (!isSupported()) {
      return false;
    }
    wire().extended(peerId(), payload);
    return true;
  }

  /** As {@link #send(ByteBuffer)}, with a finished value as the payload. */
  protected final boolean send(BencodeWriter message) {
    return send(ByteBuffer.wrap(message.toByteArray()));
  }

  /**
   * Tells the peer again what {@link #describe} says, because it changed. Does nothing as long as
   * our extension handshake was not sent: that will say it.
   */
  protected final void describeAgain() {
    PeerWire used = wire;
    if (used != null) {
      used.extensions().describeAgain(this);
    }
  }

  /**
   * The peer broke a rule: it is reported, or the wire closes if it was once too often.
   *
   * @param detail what was seen, or empty; no bytes of the peer unescaped
   * @return whether it is put up with; if not, the wire is closed
   */
  protected final boolean tolerates(Violation violation, String detail) {
    return !wire().isClosed() && wire().conduct.tolerates(violation, detail);
  }

  /** The peer broke a rule in a way that always closes. */
  protected final void fail(Violation violation, String detail) {
    wire().conduct.fail(violation, detail);
  }

  /**
   * Whether more may be sent. False while {@link WireOptions#controlWindow} is full because the
   * peer does not read: what can wait, waits for {@link #onRoom}.
   */
  protected final boolean hasRoom() {
    return wire().transport.hasRoom();
  }

  /**
   * We do not have a piece any more. It leaves {@link PeerWire#pieces}, and the peer's requests for
   * it are dropped, or rejected if the fast extension is on.
   *
   * @return whether we had announced it
   */
  protected final boolean loseOurs(int piece) {
    return wire().loseOurs(piece);
  }

  /**
   * The peer does not have a piece any more. It leaves {@link PeerWire#peerPieces}; without the
   * fast extension our requests for it end as after a choke, with it the peer rejects each. Call it
   * in events only.
   *
   * @return whether it had it. False also if it had all of an unknown number of pieces
   */
  protected final boolean losePeers(int piece) {
    return wire().losePeers(piece);
  }

  /** The time of the transport's latest call, in nanoseconds, on the clock of the transport. */
  protected final long now() {
    return wire().deadlines.now();
  }

  /** What {@link #nanosUntilTimeout} says has changed outside of an event. */
  protected final void wake() {
    wire().transport.wake();
  }

  // ---------------------------------------------------------------- to be overridden

  /** Adds to our extension handshake what belongs to it beside the name and the id. */
  protected void describe(ExtensionHandshake.Builder handshake) {}

  /**
   * The peer told something in an extension handshake, its first or a later one.
   *
   * @param peer all that it has told so far
   */
  protected void onHandshake(ExtensionHandshake peer) {}

  /**
   * A message came. By default it is read as a bencoded dictionary and given to {@link
   * #onMessage(BencodeDict, ByteBuffer)}; what is none is {@link Violation#EXTENSION_MALFORMED}.
   *
   * @param payload a view of the transport's input, valid until the method returns and not to be
   *     written to; copy it to keep it
   */
  protected void onMessage(ByteBuffer payload) {
    try {
      BencodeDocument document =
          Bencode.parsePrefix(payload, BencodeLimits.WIRE, BencodeMode.LENIENT);
      ByteBuffer rest = payload.slice().position(document.end());
      onMessage(document.rootDict(), rest);
    } catch (BencodeException e) {
      tolerates(Violation.EXTENSION_MALFORMED, name + ": " + e.getMessage());
    }
  }

  /**
   * A bencoded message came.
   *
   * @param message the dictionary; empty if the value is of another type
   * @param rest the bytes that follow it
   */
  protected void onMessage(BencodeDict message, ByteBuffer rest) {}

  /** The peer read some of what waits to be sent, and there is room for more. */
  protected void onRoom() {}

  /**
   * In how many nanoseconds {@link #onTimeout} is due: 0 for now, {@link Long#MAX_VALUE}, the
   * default, for never.
   *
   * @param now the time, on the clock of the transport
   */
  protected long nanosUntilTimeout(long now) {
    return Long.MAX_VALUE;
  }

  /** Time has passed. May be called early. */
  protected void onTimeout(long now) {}

  /** The wire ended. */
  protected void onClose() {}

  // ---------------------------------------------------------------- inside

  final void attach(PeerWire user, int ownId) {
    if (wire != null) {
      throw new IllegalStateException(name + " is in use");
    }
    wire = user;
    id = ownId;
    enabled = true;
    unheard = user.peerExtensions() != null;
  }

  @Override
  public String toString() {
    return name;
  }
}
