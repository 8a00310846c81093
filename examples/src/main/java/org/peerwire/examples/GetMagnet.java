package org.peerwire.examples;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.peerwire.client.Client;
import org.peerwire.client.ClientOptions;
import org.peerwire.client.Transfer;
import org.peerwire.client.TransferListener;
import org.peerwire.client.TransferOptions;
import org.peerwire.client.TransferStatus;
import org.peerwire.swarm.metainfo.MagnetLink;

/** Downloads what a magnet link names into a folder, and tells how it goes. */
public final class GetMagnet {
  // region get-magnet
  static CompletableFuture<TransferStatus> get(
      Client client, MagnetLink magnet, List<InetSocketAddress> peers, Path folder) {
    TransferListener progress =
        new TransferListener() {
          @Override
          public void pieceVerified(int piece) {
            System.out.println("piece " + piece);
          }
        };
    return client
        .download(magnet, peers, folder, TransferOptions.DEFAULT, progress)
        .thenCompose(Transfer::completion);
  }

  // endregion

  private GetMagnet() {}

  /** Arguments: magnet link, folder, host and port of a peer. */
  public static void main(String... args) throws Exception {
    InetSocketAddress peer = new InetSocketAddress(args[2], Integer.parseInt(args[3]));
    // To close the client ends whatever is under way; the next run goes on from there.
    try (Client client = open()) {
      TransferStatus end =
          get(client, MagnetLink.parse(args[0]), List.of(peer), Path.of(args[1])).get();
      System.out.println("all " + end.bytesTotal() + " bytes are verified and on disk");
    }
  }

  private static Client open() throws IOException {
    return Client.open(ClientOptions.DEFAULT);
  }
}
