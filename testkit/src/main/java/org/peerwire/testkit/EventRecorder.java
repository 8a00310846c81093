package org.peerwire.testkit;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.peerwire.Handshake;
import org.peerwire.HashRange;
import org.peerwire.InfoHash;
import org.peerwire.Pieces;
import org.peerwire.ViolationReport;
import org.peerwire.wire.BlockCallback;
import org.peerwire.wire.CloseCause;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;

/**
 * Keeps every event as a line, and insists that each is looked at: {@link #expect} takes lines from
 * the front, {@link #assertNothingMore} fails if any is left.
 *
 * <pre>
 *   info-hash HASH          handshake HASH PEER-ID     keep-alive
 *   choke                   unchoke                    interested        not-interested
 *   have PIECE              bitfield COUNT of SIZE     port PORT
 *   request P B L           cancel P B L               piece P B L       reject P B L
 *   suggest PIECE           allowed-fast PIECE         extended ID HEX   timeout
 *   hash-request INDEX LEN  hashes INDEX LEN BYTES     hash-reject INDEX LEN
 *   unknown ID LENGTH OFFSET HEX                       violation NAME
 *   download BYTES          upload BYTES               drained
 *   ended OUTCOME P B L     (from {@link #callback})   close CAUSE
 * </pre>
 *
 * <p>The cause of a close is the name of the violation or timeout, or the name of the kind of
 * cause. The figures, {@code download}, {@code upload} and {@code drained}, are kept only if {@link
 * #withFigures} asks for them.
 *
 * <p>It also insists on the order that {@link PeerListener} promises, whoever looks: nothing before
 * the info-hash, and one {@code close}, last.
 */
public final class EventRecorder implements PeerListener {
  private final @Nullable PeerListener next;
  private final List<String> lines = new ArrayList<>();
  private final List<ViolationReport> reports = new ArrayList<>();
  private boolean figures;
  private boolean begun;
  private @Nullable CloseCause cause;
  private @Nullable String broken;

  /** A recorder that does nothing else; a request of the peer stays pending. */
  public EventRecorder() {
    next = null;
  }

  /** A recorder that then passes each event on. */
  public EventRecorder(PeerListener next) {
    this.next = next;
  }

  /** Records also how many bytes came and went. */
  public EventRecorder withFigures() {
    figures = true;
    return this;
  }

  /** A callback that records how a request ended; for any number of them. */
  public BlockCallback callback() {
    return (outcome, piece, begin, block) ->
        record("ended " + outcome + block(piece, begin, block.remaining()));
  }

  /**
   * These events come next, in this order; they are taken.
   *
   * @throws AssertionError if others do, or fewer
   */
  public EventRecorder expect(String... expected) {
    List<String> first = lines.subList(0, Math.min(expected.length, lines.size()));
    if (!first.equals(Arrays.asList(expected))) {
      throw new AssertionError(
          "expected " + Arrays.toString(expected) + " but was raised: " + lines);
    }
    first.clear();
    return checkOrder();
  }

  /**
   * This event comes so many times next; they are taken.
   *
   * @throws AssertionError if another one comes in between, or fewer
   */
  public EventRecorder expectTimes(int times, String line) {
    for (int i = 0; i < times; i++) {
      if (i == lines.size() || !lines.get(i).equals(line)) {
        throw new AssertionError(
            "expected "
                + times
                + " times "
                + line
                + " but "
                + i
                + " times, and then: "
                + lines.subList(i, Math.min(lines.size(), i + 8)));
      }
    }
    lines.subList(0, times).clear();
    return checkOrder();
  }

  /**
   * Every event was looked at.
   *
   * @throws AssertionError if not
   */
  public void assertNothingMore() {
    checkOrder();
    if (!lines.isEmpty()) {
      throw new AssertionError("nobody looked at: " + lines);
    }
  }

  /** The events that nobody has looked at; they are taken. */
  public List<String> take() {
    List<String> taken = List.copyOf(lines);
    lines.clear();
    checkOrder();
    return taken;
  }

  /** The reports of the violations that were put up with, in order. */
  public List<ViolationReport> reports() {
    return List.copyOf(reports);
  }

  /** How the wire ended, or null while {@link #onClose} was not raised. */
  public @Nullable CloseCause cause() {
    return cause;
  }

  @Override
  public void onInfoHash(PeerWire wire, InfoHash infoHash, long reserved) {
    begun = true;
    record("info-hash " + infoHash);
    if (next != null) {
      next.onInfoHash(wire, infoHash, reserved);
    }
  }

  @Override
  public void onHandshake(PeerWire wire, Handshake handshake) {
    record("handshake " + handshake.infoHash() + " " + handshake.peerId());
    if (next != null) {
      next.onHandshake(wire, handshake);
    }
  }

  @Override
  public void onKeepAlive(PeerWire wire) {
    record("keep-alive");
    if (next != null) {
      next.onKeepAlive(wire);
    }
  }

  @Override
  public void onChoke(PeerWire wire) {
    record("choke");
    if (next != null) {
      next.onChoke(wire);
    }
  }

  @Override
  public void onUnchoke(PeerWire wire) {
    record("unchoke");
    if (next != null) {
      next.onUnchoke(wire);
    }
  }

  @Override
  public void onInterested(PeerWire wire) {
    record("interested");
    if (next != null) {
      next.onInterested(wire);
    }
  }

  @Override
  public void onNotInterested(PeerWire wire) {
    record("not-interested");
    if (next != null) {
      next.onNotInterested(wire);
    }
  }

  @Override
  public void onHave(PeerWire wire, int piece) {
    record("have " + piece);
    if (next != null) {
      next.onHave(wire, piece);
    }
  }

  @Override
  public void onBitfield(PeerWire wire, Pieces pieces) {
    String count = pieces.count() == Integer.MAX_VALUE ? "all" : "" + pieces.count();
    record("bitfield " + count + " of " + (pieces.size() == Pieces.UNKNOWN ? "?" : pieces.size()));
    if (next != null) {
      next.onBitfield(wire, pieces);
    }
  }

  @Override
  public void onRequest(PeerWire wire, int piece, int begin, int length) {
    record("request" + block(piece, begin, length));
    if (next != null) {
      next.onRequest(wire, piece, begin, length);
    }
  }

  @Override
  public void onCancel(PeerWire wire, int piece, int begin, int length) {
    record("cancel" + block(piece, begin, length));
    if (next != null) {
      next.onCancel(wire, piece, begin, length);
    }
  }

  @Override
  public void onPiece(PeerWire wire, int piece, int begin, ByteBuffer block) {
    record("piece" + block(piece, begin, block.remaining()));
    if (next != null) {
      next.onPiece(wire, piece, begin, block);
    }
  }

  @Override
  public void onReject(PeerWire wire, int piece, int begin, int length) {
    record("reject" + block(piece, begin, length));
    if (next != null) {
      next.onReject(wire, piece, begin, length);
    }
  }

  @Override
  public void onTimeout(PeerWire wire) {
    record("timeout");
    if (next != null) {
      next.onTimeout(wire);
    }
  }

  @Override
  public void onSuggestPiece(PeerWire wire, int piece) {
    record("suggest " + piece);
    if (next != null) {
      next.onSuggestPiece(wire, piece);
    }
  }

  @Override
  public void onAllowedFast(PeerWire wire, int piece) {
    record("allowed-fast " + piece);
    if (next != null) {
      next.onAllowedFast(wire, piece);
    }
  }

  @Override
  public void onPort(PeerWire wire, int port) {
    record("port " + port);
    if (next != null) {
      next.onPort(wire, port);
    }
  }

  @Override
  public void onExtended(PeerWire wire, int extendedId, ByteBuffer payload) {
    record("extended " + extendedId + digits(payload));
    if (next != null) {
      next.onExtended(wire, extendedId, payload);
    }
  }

  @Override
  public void onHashRequest(PeerWire wire, HashRange range) {
    record("hash-request " + range(range));
    if (next != null) {
      next.onHashRequest(wire, range);
    }
  }

  @Override
  public void onHashes(PeerWire wire, HashRange range, ByteBuffer hashes) {
    record("hashes " + range(range) + " " + hashes.remaining());
    if (next != null) {
      next.onHashes(wire, range, hashes);
    }
  }

  @Override
  public void onHashReject(PeerWire wire, HashRange range) {
    record("hash-reject " + range(range));
    if (next != null) {
      next.onHashReject(wire, range);
    }
  }

  @Override
  public void onUnknownMessage(PeerWire wire, int id, int length, int offset, ByteBuffer part) {
    record("unknown " + id + " " + length + " " + offset + digits(part));
    if (next != null) {
      next.onUnknownMessage(wire, id, length, offset, part);
    }
  }

  @Override
  public void onDownload(PeerWire wire, int bytes) {
    if (figures) {
      record("download " + bytes);
    }
    if (next != null) {
      next.onDownload(wire, bytes);
    }
  }

  @Override
  public void onUpload(PeerWire wire, int bytes) {
    if (figures) {
      record("upload " + bytes);
    }
    if (next != null) {
      next.onUpload(wire, bytes);
    }
  }

  @Override
  public void onDrained(PeerWire wire) {
    if (figures) {
      record("drained");
    }
    if (next != null) {
      next.onDrained(wire);
    }
  }

  @Override
  public void onViolation(PeerWire wire, ViolationReport report) {
    reports.add(report);
    record("violation " + report.violation());
    if (next != null) {
      next.onViolation(wire, report);
    }
  }

  @Override
  public void onClose(PeerWire wire, CloseCause why) {
    begun = true;
    record("close " + name(why));
    cause = why;
    if (next != null) {
      next.onClose(wire, why);
    }
  }

  private void record(String line) {
    // That our output is sent is no word of the peer's.
    boolean early = !begun && !line.equals("drained");
    if (broken == null && (cause != null || early)) {
      broken = line + (begun ? " was raised after the close" : " was raised before the info-hash");
    }
    lines.add(line);
  }

  private EventRecorder checkOrder() {
    if (broken != null) {
      throw new AssertionError(broken);
    }
    return this;
  }

  private static String block(int piece, int begin, int length) {
    return " " + piece + " " + begin + " " + length;
  }

  private static String range(HashRange range) {
    return Integer.toUnsignedString(range.index()) + " " + Integer.toUnsignedString(range.length());
  }

  private static String digits(ByteBuffer bytes) {
    if (!bytes.hasRemaining()) {
      return "";
    }
    StringBuilder digits = new StringBuilder(1 + 2 * bytes.remaining()).append(' ');
    for (int i = bytes.position(); i < bytes.limit(); i++) {
      digits.append(String.format("%02x", bytes.get(i)));
    }
    return digits.toString();
  }

  private static String name(CloseCause why) {
    if (why instanceof CloseCause.Violated violated) {
      return violated.report().violation().name();
    }
    if (why instanceof CloseCause.TimedOut timedOut) {
      return timedOut.timeout().name();
    }
    return why.getClass().getSimpleName();
  }
}
