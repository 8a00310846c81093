package org.peerwire.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.peerwire.Feature;
import org.peerwire.Handshake;
import org.peerwire.HashRange;
import org.peerwire.InfoHash;
import org.peerwire.PieceLayout;
import org.peerwire.frame.Message;
import org.peerwire.testkit.EventRecorder;
import org.peerwire.testkit.ScriptedPeer;
import org.peerwire.wire.PeerWire;
import org.peerwire.wire.WireOptions;

/** Messages about v2 hashes, and the handshake that leads to them. V01 is among the H cases. */
class HashCasesTest {
  private static final ByteBuffer ROOT = ByteBuffer.wrap(new byte[32]);

  /** One file, whose tree has 16 leaves. */
  private record Layout() implements PieceLayout {
    @Override
    public int pieceCount() {
      return 4;
    }

    @Override
    public int pieceLength(int piece) {
      return 1 << 16;
    }

    @Override
    public boolean hasHashes() {
      return true;
    }

    @Override
    public boolean hasHashes(HashRange range) {
      return range.piecesRoot().equals(ROOT)
          && range.baseLayer() < 4
          && Integer.toUnsignedLong(range.index()) + range.length() <= 16 >> range.baseLayer()
          && range.proofLayers() < 4 - range.baseLayer();
    }
  }

  private static Connection open(Way way) {
    return Connection.open(way, WireOptions.builder().hashMessages(true), 0, new Layout());
  }

  private static HashRange range(int base, int index, int length, int proofs) {
    return new HashRange(ROOT, base, index, length, proofs);
  }

  private static Message hashes(HashRange range, int count) {
    return new Message.Hashes(range, ByteBuffer.allocate(32 * count));
  }

  @BothWays
  void v02_requestsForWhatDoesNotExistAreRejectedAndCounted(Way way) {
    HashRange[] wrong = {
      new HashRange(ByteBuffer.wrap(new byte[32]).put(0, (byte) 9), 2, 0, 2, 0),
      range(4, 0, 2, 0),
      range(0x8000_0000, 0, 2, 0),
      range(2, 0, 0, 0),
      range(2, 0, 1, 0),
      range(2, 0, 3, 0),
      range(2, 0, 16_384, 0),
      range(2, 1, 2, 0),
      range(2, 4, 2, 0),
      range(2, 0xFFFF_FFFE, 2, 0),
      range(2, 0, 2, 2),
      range(2, 0, 2, 0xFFFF_FFFF)
    };
    Connection c = open(way);
    int said = 0;
    for (; said < 32; said++) {
      HashRange range = wrong[said % wrong.length];
      c.peer.says(new Message.HashRequest(range));
      c.peer.hears(new Message.HashReject(range));
      c.raised("violation HASH_REQUEST_INVALID");
    }
    c.peer.says(new Message.HashRequest(wrong[0]));
    c.closed("close HASH_REQUEST_INVALID");
  }

  @BothWays
  void aRequestForWhatExistsIsAsked(Way way) {
    Connection c = open(way);
    c.peer.says(new Message.HashRequest(range(2, 2, 2, 1)));
    c.raised("hash-request 2 2");
  }

  @BothWays
  void v04_hashesThatNobodyAskedForClose(Way way) {
    Connection never = open(way);
    never.peer.says(hashes(range(2, 0, 2, 1), 3));
    never.closed("close HASHES_UNREQUESTED");

    Connection another = open(way);
    another.wire.hashRequest(range(2, 0, 2, 1));
    another.peer.says(hashes(range(2, 2, 2, 1), 3));
    another.closed("close HASHES_UNREQUESTED");

    for (int count : new int[] {0, 2, 4}) {
      Connection wrong = open(way);
      wrong.wire.hashRequest(range(2, 0, 2, 1));
      wrong.peer.says(hashes(range(2, 0, 2, 1), count));
      wrong.closed("close HASHES_UNREQUESTED");
      assertThat(wrong.violation().detail()).isEqualTo(count + " hashes instead of 3");
    }

    // 49 bytes and 33: not a whole number of hashes.
    Connection cut = open(way);
    cut.peer.says("00000052 16" + "00".repeat(81));
    cut.closed("close FRAME_LENGTH");
  }

  @BothWays
  void hashesAnswerOnce(Way way) {
    Connection c = open(way);
    c.wire.hashRequest(range(0, 0, 4, 3));
    assertThatThrownBy(() -> c.wire.hashRequest(range(0, 0, 4, 3)))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> c.wire.hashRequest(range(0, 0, 32, 3)))
        .isInstanceOf(IllegalArgumentException.class);
    c.peer.says(hashes(range(0, 0, 4, 3), 6));
    c.raised("hashes 0 4 192");
    c.peer.says(hashes(range(0, 0, 4, 3), 6));
    c.closed("close HASHES_UNREQUESTED");
  }

  @BothWays
  void v09_rejectsOfNothingAreCounted(Way way) {
    Connection c = open(way);
    c.wire.hashRequest(range(0, 0, 2, 3));
    c.peer.says(new Message.HashReject(range(0, 0, 2, 3)));
    c.raised("hash-reject 0 2");
    for (int i = 0; i < 16; i++) {
      c.peer.says(new Message.HashReject(range(0, 2, 2, 3)));
      c.raised("violation HASH_REJECT_UNREQUESTED");
    }
    c.peer.says(new Message.HashReject(range(0, 0, 2, 3)));
    c.closed("close HASH_REJECT_UNREQUESTED");
  }

  @BothWays
  void h05_aHybridMayBeUpgradedAndNothingElse(Way way) {
    InfoHash v2 = InfoHash.parse("bb".repeat(20));
    for (boolean offered : new boolean[] {true, false}) {
      for (InfoHash told : new InfoHash[] {v2, InfoHash.parse("cc".repeat(20))}) {
        EventRecorder events = new EventRecorder();
        PeerWire wire = new PeerWire(events);
        ScriptedPeer peer = new ScriptedPeer(wire).cut(way.cutter());
        wire.upgradesTo(v2);
        if (offered) {
          wire.handshake(Connection.TORRENT, Connection.OURS, Feature.V2_UPGRADE);
        } else {
          wire.handshake(Connection.TORRENT, Connection.OURS);
        }
        peer.says(new Message.Handshake(new Handshake(0, told, Connection.THEIRS)));
        if (offered && told.equals(v2)) {
          events.expect("info-hash " + v2, "handshake " + v2 + " " + Connection.THEIRS);
        } else {
          events.expect("close INFO_HASH_MISMATCH");
        }
        events.assertNothingMore();
      }
    }
  }
}
