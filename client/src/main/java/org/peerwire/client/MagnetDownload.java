package org.peerwire.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.peerwire.swarm.metainfo.MagnetLink;
import org.peerwire.swarm.metainfo.Metainfo;

/** From a magnet link to a transfer: its peers are looked up, then its metadata is fetched. */
// What the futures on the way tell, the one that is given away tells.
@SuppressWarnings("FutureReturnValueIgnored")
final class MagnetDownload {
  private final Client client;
  private final MagnetLink magnet;
  private final Set<InetSocketAddress> peers;
  private final Path folder;
  private final TransferOptions options;
  private final TransferListener listener;

  MagnetDownload(
      Client client,
      MagnetLink magnet,
      Set<InetSocketAddress> peers,
      Path folder,
      TransferOptions options,
      TransferListener listener) {
    this.client = client;
    this.magnet = magnet;
    this.peers = new LinkedHashSet<>(peers);
    this.folder = folder;
    this.options = options;
    this.listener = listener;
  }

  CompletableFuture<Transfer> begin() {
    CompletableFuture<Transfer> begun = new CompletableFuture<>();
    // Names are looked up and files opened by a thread that may wait.
    CompletableFuture.supplyAsync(() -> MagnetPeers.of(magnet), client.disk())
        .thenCompose(
            named -> {
              peers.addAll(named.usable());
              CompletableFuture<Metainfo> metadata = fetch();
              begun.whenComplete((transfer, e) -> metadata.cancel(true));
              return metadata;
            })
        .thenApplyAsync(this::transfer, client.disk())
        .whenComplete(
            (transfer, e) -> {
              if (e != null) {
                begun.completeExceptionally(e instanceof CompletionException ? e.getCause() : e);
              } else if (!begun.complete(transfer)) {
                // Cancelled meanwhile.
                transfer.stop();
              }
            });
    return begun;
  }

  private CompletableFuture<Metainfo> fetch() {
    return client.fetchMetadata(
        magnet, peers, options.sources(), options.stallTimeout(), listener::warning);
  }

  private Transfer transfer(Metainfo torrent) {
    try {
      Transfer transfer = client.download(torrent, folder, chosen());
      transfer.listen(listener);
      peers.forEach(transfer::addPeer);
      return transfer;
    } catch (IOException e) {
      throw new CompletionException(e);
    }
  }

  /** The files that the link names, if the caller names none. */
  private TransferOptions chosen() {
    return options.files().isPresent()
        ? options
        : magnet
            .selection()
            .map(selection -> options.toBuilder().files(selection).build())
            .orElse(options);
  }
}
