package org.peerwire.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.peerwire.Feature;
import org.peerwire.Handshake;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.PieceLayout;
import org.peerwire.frame.Message;
import org.peerwire.testkit.ScriptedPeer;
import org.peerwire.testkit.SplitMix64;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;

/**
 * Z38: two wires hear the same of what a peer has, one before it knows the torrent and one after.
 * In the end both know the same.
 */
class LateLayoutTest {
  private static final int SEEDS = 2_000;
  private static final int PIECES = 20;
  private static final InfoHash TORRENT = InfoHash.parse("aa".repeat(20));
  private static final PeerId OURS = PeerId.ofAscii("-PW0000-aaaaaaaaaaaa");
  private static final PeerId THEIRS = PeerId.ofAscii("-XX0000-bbbbbbbbbbbb");

  @Test
  void z38_whenTheTorrentIsKnownMakesNoDifference() {
    int open = 0;
    int closed = 0;
    int moments = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      SplitMix64 random = new SplitMix64(seed);
      boolean fast = random.nextBoolean();
      List<Message> said = said(random, fast);
      int late = random.nextInt(said.size() + 1);
      PeerWire early = hears(said, fast, 0);
      PeerWire other = hears(said, fast, late);
      assertThat(other.isOpen())
          .as("seed %s: %s, told before message %s", seed, said, late)
          .isEqualTo(early.isOpen());
      if (early.isOpen()) {
        open++;
        assertThat(other.peerPieces().size()).isEqualTo(PIECES);
        for (int piece = 0; piece < PIECES; piece++) {
          assertThat(other.peerPieces().contains(piece))
              .as("seed %s: piece %s of %s, told before message %s", seed, piece, said, late)
              .isEqualTo(early.peerPieces().contains(piece));
        }
      } else {
        closed++;
      }
      moments += late;
    }
    assertThat(List.of(open, closed, moments)).allMatch(count -> count > SEEDS / 10);
  }

  private static PeerWire hears(List<Message> said, boolean fast, int late) {
    PeerWire wire = new PeerWire(new PeerListener() {});
    wire.handshake(TORRENT, OURS);
    ScriptedPeer peer = new ScriptedPeer(wire);
    peer.says(
        new Message.Handshake(new Handshake(fast ? Feature.FAST.mask() : 0, TORRENT, THEIRS)));
    for (int i = 0; i <= said.size(); i++) {
      if (i == late) {
        wire.layout(PieceLayout.of(PIECES * 16_384L, 16_384));
      }
      if (i < said.size()) {
        peer.says(said.get(i));
      }
    }
    return wire;
  }

  private static List<Message> said(SplitMix64 random, boolean fast) {
    List<Message> said = new ArrayList<>();
    switch (random.nextInt(fast ? 3 : 2)) {
      case 0 -> {
        byte[] bits = new byte[random.nextInt(10) == 0 ? 4 : 3];
        for (int i = 0; i < bits.length; i++) {
          bits[i] = (byte) random.nextLong();
        }
        bits[2] &= (byte) 0xF0;
        said.add(new Message.Bitfield(ByteBuffer.wrap(bits)));
      }
      case 1 -> {
        if (fast) {
          said.add(new Message.HaveNone());
        }
      }
      default -> said.add(new Message.HaveAll());
    }
    for (int i = random.nextInt(8); i > 0; i--) {
      // One of 20 to 23 may pass for a spare bit of the bitfield, which is tolerated, and any for a
      // part of all.
      int beyond = 24 + random.nextInt(5);
      boolean lies = random.nextInt(12) == 0 && !said.contains(new Message.HaveAll());
      int piece = lies ? beyond : random.nextInt(PIECES);
      said.add(new Message.Have(piece));
    }
    return said;
  }
}
