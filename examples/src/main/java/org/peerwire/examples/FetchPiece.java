package org.peerwire.examples;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.peerwire.Block;
import org.peerwire.Handshake;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.channel.WirePipe;
import org.peerwire.wire.CloseCause;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;
import org.peerwire.wire.RequestOutcome;

/**
 * Downloads one piece from one peer. Whether its bytes are right, only the torrent's hashes tell.
 */
public final class FetchPiece implements PeerListener {
  static final PeerId PEER_ID = PeerId.ofAscii("-PW0100-fetchfetchfe");

  // region fetch-piece
  final CompletableFuture<byte[]> result = new CompletableFuture<>();
  private final int piece;
  private final byte[] bytes;
  private int next;

  FetchPiece(int piece, int length) {
    this.piece = piece;
    bytes = new byte[length];
  }

  @Override
  public void onHandshake(PeerWire wire, Handshake handshake) {
    wire.interested();
  }

  @Override
  public void onUnchoke(PeerWire wire) {
    for (int ahead = 0; ahead < 10; ahead++) {
      requestNext(wire);
    }
  }

  private void requestNext(PeerWire wire) {
    int length = Math.min(Block.LENGTH, bytes.length - next);
    if (length > 0) {
      wire.request(
          piece,
          next,
          length,
          (outcome, index, begin, block) -> {
            if (outcome == RequestOutcome.BLOCK) {
              block.get(bytes, begin, block.remaining());
              requestNext(wire);
            } else {
              wire.close();
            }
          });
      next += length;
    } else if (wire.requestCount() == 0) {
      result.complete(bytes);
      wire.close();
    }
  }

  @Override
  public void onClose(PeerWire wire, CloseCause cause) {
    result.completeExceptionally(new IOException("no piece " + piece + ": " + cause));
  }

  // endregion

  /** Arguments: host, port, info-hash, piece, length of the piece in bytes. */
  public static void main(String... args) throws Exception {
    FetchPiece fetch = new FetchPiece(Integer.parseInt(args[3]), Integer.parseInt(args[4]));
    PeerWire wire = new PeerWire(fetch);
    wire.handshake(InfoHash.parse(args[2]), PEER_ID);
    InetSocketAddress peer = new InetSocketAddress(args[0], Integer.parseInt(args[1]));
    WirePipe.connect(peer, Duration.ofSeconds(10), wire);
    System.out.println("got " + fetch.result.get().length + " bytes");
  }
}
