package org.peerwire.extension;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.peerwire.BlockRegion;
import org.peerwire.Feature;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.PieceLayout;
import org.peerwire.PieceSet;
import org.peerwire.Profile;
import org.peerwire.Violation;
import org.peerwire.ViolationReport;
import org.peerwire.frame.OutputSink;
import org.peerwire.wire.CloseCause;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;
import org.peerwire.wire.WireOptions;

/** A wire in virtual time whose peer says exactly the bytes that it is told to say. */
public final class Wired {
  public static final InfoHash TORRENT = InfoHash.parse("aa".repeat(20));
  private static final PeerId US = PeerId.ofAscii("-PW0000-usususususus");
  private static final PeerId THEM = PeerId.ofAscii("-XX0000-themthemthem");

  public final PeerWire wire;
  public final List<String> events = new ArrayList<>();
  public final List<ViolationReport> reports = new ArrayList<>();
  public long now;

  private final boolean fast;
  private @Nullable CloseCause end;

  private Wired(Profile profile, boolean fast) {
    this.fast = fast;
    EnumSet<Feature> features = EnumSet.of(Feature.EXTENSION_PROTOCOL);
    if (fast) {
      features.add(Feature.FAST);
    }
    WireOptions options = WireOptions.builder().profile(profile).features(features).build();
    wire = new PeerWire(new Recorder(), options);
  }

  /** Both handshakes are not done yet. */
  public static Wired fresh(Profile profile, boolean fast) {
    return new Wired(profile, fast);
  }

  /** With the fast extension: both said that they have nothing, and what we said is read. */
  public static Wired open(Profile profile, Consumer<PeerWire> setUp) {
    Wired wired = new Wired(profile, true);
    setUp.accept(wired.wire);
    wired.handshakes(Feature.EXTENSION_PROTOCOL.mask() | Feature.FAST.mask());
    wired.hear("00000001 0f"); // have none
    wired.said();
    return wired;
  }

  public static Wired open(Consumer<PeerWire> setUp) {
    return open(Profile.INTEROP, setUp);
  }

  /** Both handshakes, the peer's with these reserved bits. */
  public void handshakes(long reserved) {
    wire.handshake(TORRENT, US);
    ByteBuffer theirs = ByteBuffer.allocate(68);
    theirs.put("\u0013BitTorrent protocol".getBytes(StandardCharsets.ISO_8859_1));
    theirs.putLong(reserved);
    TORRENT.writeTo(theirs);
    THEM.writeTo(theirs);
    drain(68);
    hear(theirs.array());
  }

  public void handshakes() {
    handshakes(Feature.EXTENSION_PROTOCOL.mask() | (fast ? Feature.FAST.mask() : 0));
  }

  /** Pieces of 32 KiB. */
  public Wired layout(int pieces) {
    wire.layout(PieceLayout.of(pieces * 32768L, 32768));
    return this;
  }

  /** The peer says these bytes. */
  public void hear(byte[] bytes) {
    wire.transport().receive(ByteBuffer.wrap(bytes), now);
    turn();
  }

  /** The peer says these bytes, in hexadecimal digits; spaces don't count. */
  public void hear(String hex) {
    hear(HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  /** The peer sends an extended message, its payload written in Latin-1. */
  public void extended(int id, String payload) {
    extended(id, latin(payload));
  }

  public void extended(int id, byte[] payload) {
    hear(frame(id, payload));
  }

  public static byte[] frame(int id, byte[] payload) {
    return ByteBuffer.allocate(6 + payload.length)
        .putInt(2 + payload.length)
        .put((byte) 20)
        .put((byte) id)
        .put(payload)
        .array();
  }

  /** Time passes, a second at a time. */
  public void pass(long seconds) {
    for (long i = 0; i < seconds; i++) {
      now += TimeUnit.SECONDS.toNanos(1);
      turn();
    }
  }

  /** What an adapter does after every call: whatever is due. */
  public void turn() {
    for (int i = 0; wire.transport().nanosUntilTimeout(now) == 0; i++) {
      if (i == 1000) {
        throw new AssertionError("due for ever");
      }
      wire.transport().timeout(now);
    }
  }

  /** All bytes that we said since, in hexadecimal digits. */
  public String saidHex() {
    return HexFormat.of().formatHex(drain(Long.MAX_VALUE));
  }

  /**
   * The messages that we said since: extended ones as {@code id:payload} in Latin-1, others as
   * hexadecimal digits.
   */
  public List<String> said() {
    turn();
    ByteBuffer bytes = ByteBuffer.wrap(drain(Long.MAX_VALUE));
    List<String> said = new ArrayList<>();
    while (bytes.hasRemaining()) {
      byte[] message = new byte[bytes.getInt()];
      bytes.get(message);
      if (message.length > 1 && message[0] == 20) {
        String payload = new String(message, 2, message.length - 2, StandardCharsets.ISO_8859_1);
        said.add((message[1] & 0xff) + ":" + payload);
      } else {
        said.add(HexFormat.of().formatHex(message));
      }
    }
    return said;
  }

  /** Which rules the peer broke, those that closed the wire last. */
  public List<Violation> violations() {
    List<Violation> all = new ArrayList<>();
    reports.forEach(report -> all.add(report.violation()));
    if (end instanceof CloseCause.Violated violated) {
      all.add(violated.report().violation());
    }
    return all;
  }

  /** Which violation closed the wire, or null. */
  public @Nullable Violation closedBy() {
    return end instanceof CloseCause.Violated violated ? violated.report().violation() : null;
  }

  public @Nullable CloseCause end() {
    return end;
  }

  public static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  public static PieceSet all(int pieces) {
    PieceSet all = new PieceSet(pieces);
    all.addAll();
    return all;
  }

  private byte[] drain(long max) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    OutputSink sink =
        new OutputSink() {
          @Override
          public void control(ByteBuffer part) {
            copy(part);
          }

          @Override
          public void block(ByteBuffer part) {
            copy(part);
          }

          @Override
          public void region(BlockRegion region, int offset, int length) {
            throw new AssertionError("nobody wrote a region");
          }

          private void copy(ByteBuffer part) {
            byte[] bytes = new byte[part.remaining()];
            part.get(bytes);
            out.writeBytes(bytes);
          }
        };
    long left = max;
    while (left > 0 && wire.transport().pending() > 0) {
      long count = wire.transport().drainTo(sink, left);
      left -= count;
      wire.transport().sent(count, now);
    }
    return out.toByteArray();
  }

  private final class Recorder implements PeerListener {
    @Override
    public void onExtended(PeerWire on, int extendedId, ByteBuffer payload) {
      events.add("extended " + extendedId + ", " + payload.remaining() + " bytes");
    }

    @Override
    public void onExtensionHandshake(PeerWire on, ExtensionHandshake peer) {
      events.add("extension handshake");
    }

    @Override
    public void onReject(PeerWire on, int piece, int begin, int length) {
      events.add("reject " + piece);
    }

    @Override
    public void onViolation(PeerWire on, ViolationReport report) {
      reports.add(report);
    }

    @Override
    public void onClose(PeerWire on, CloseCause cause) {
      end = cause;
      events.add("close");
    }
  }
}
