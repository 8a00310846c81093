package org.peerwire.wire;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.peerwire.Block;
import org.peerwire.BlockRegion;
import org.peerwire.Feature;
import org.peerwire.Handshake;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.PieceLayout;
import org.peerwire.PieceSet;
import org.peerwire.Profile;
import org.peerwire.ViolationReport;
import org.peerwire.frame.FrameWriter;
import org.peerwire.frame.Outbox;
import org.peerwire.frame.OutputSink;

/**
 * Any bytes behind the handshake: the wire reads them or closes by a violation, cut in two ways it
 * does the same, and every request ends once. The first byte chooses the state to begin in.
 */
class PeerWireFuzzTest {
  private static final InfoHash TORRENT = InfoHash.parse("cd".repeat(20));
  private static final int PIECES = 20;

  private static int arrived;

  @AfterAll
  static void theCorpusReachedTheAssertions() {
    check(arrived > 0, "no input got as far as the comparison");
  }

  @FuzzTest(maxDuration = "30s")
  void anyBytesBehindTheHandshake(byte[] data) {
    if (data.length < 2) {
      return;
    }
    Run whole = new Run(data[0]);
    whole.feed(data, 1, data.length - 1);
    Run cut = new Run(data[0]);
    for (int at = 1; at < data.length; at++) {
      cut.feed(data, at, 1);
    }
    check(whole.log.toString().equals(cut.log.toString()), "the cut changes what is seen");
    check(whole.wire.isClosed() == cut.wire.isClosed(), "the cut changes the end");
    whole.end();
    cut.end();
    arrived++;
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }

  /** One wire with requests pending, and what its listener sees. */
  private static final class Run implements PeerListener {
    final StringBuilder log = new StringBuilder();
    final PeerWire wire;
    private int pending;
    private int closes;
    private long now = 1;

    Run(byte state) {
      WireOptions options =
          WireOptions.builder()
              .profile((state & 1) == 0 ? Profile.INTEROP : Profile.STRICT)
              .hashMessages((state & 2) != 0)
              .build();
      wire = new PeerWire(this, options);
      wire.handshake(TORRENT, PeerId.ofAscii("-PW0100-fuzzfuzzfuzz"));
      Outbox peer = new Outbox();
      FrameWriter said = new FrameWriter(peer);
      said.infoHash((state & 4) != 0 ? Feature.FAST.mask() : 0, TORRENT);
      said.peerId(PeerId.ofAscii("-XX0100-fuzzfuzzfuzz"));
      if ((state & 4) != 0) {
        said.haveAll();
      }
      if ((state & 8) != 0) {
        said.unchoke();
      }
      peer.drainTo(new Feed(), Long.MAX_VALUE);
      if ((state & 16) != 0) {
        wire.layout(PieceLayout.of((long) PIECES * Block.LENGTH - 1, Block.LENGTH));
        PieceSet have = new PieceSet(PIECES);
        have.add(3);
        wire.bitfield(have);
      }
      if ((state & 32) != 0) {
        wire.unchoke();
      }
      for (int piece = 0; piece < 3; piece++) {
        if (wire.request(piece, 0, 16, (outcome, p, b, block) -> ended(outcome, p))) {
          pending++;
        }
      }
    }

    void feed(byte[] data, int from, int length) {
      wire.transport().receive(ByteBuffer.wrap(data, from, length), now);
    }

    void end() {
      now += TimeUnit.HOURS.toNanos(1);
      wire.transport().endOfInput(now);
      wire.transport().timeout(now);
      check(pending == 0, "a request did not end");
      check(closes == 1, "closed " + closes + " times");
      CloseCause cause = wire.closeCause();
      check(!(cause instanceof CloseCause.ListenerFailed), "an exception: " + cause);
    }

    private void ended(RequestOutcome outcome, int piece) {
      pending--;
      log.append(outcome).append(piece).append(';');
    }

    @Override
    public void onHandshake(PeerWire wire, Handshake handshake) {
      log.append("handshake;");
    }

    @Override
    public void onRequest(PeerWire wire, int piece, int begin, int length) {
      log.append("request").append(piece).append(',').append(begin).append(',').append(length);
      wire.respond(piece, begin, ByteBuffer.allocate(length));
    }

    @Override
    public void onHave(PeerWire wire, int piece) {
      log.append("have").append(piece).append(';');
    }

    @Override
    public void onPiece(PeerWire wire, int piece, int begin, ByteBuffer block) {
      log.append("piece").append(piece).append(',').append(block.remaining()).append(';');
    }

    @Override
    public void onViolation(PeerWire wire, ViolationReport report) {
      log.append(report.violation()).append('@').append(report.offset()).append(';');
    }

    @Override
    public void onClose(PeerWire wire, CloseCause cause) {
      closes++;
    }

    private final class Feed implements OutputSink {
      @Override
      public void control(ByteBuffer bytes) {
        wire.transport().receive(bytes, now);
      }

      @Override
      public void block(ByteBuffer block) {
        control(block);
      }

      @Override
      public void region(BlockRegion region, int offset, int length) {
        throw new AssertionError("nobody sends regions");
      }
    }
  }
}
