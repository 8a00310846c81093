package org.peerwire.cli;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.peerwire.PeerId;
import org.peerwire.cli.probe.ClientNames;
import org.peerwire.client.PeerStatus;
import org.peerwire.client.TransferStatus;
import org.peerwire.mse.Encryption;

/**
 * What was had from each peer, those that left included: a status names only those that are
 * connected. A connection that has ended counts by what was told at its end; by the end of a
 * transfer, that is every one.
 */
final class PeerLedger {
  /** Strangers may connect for ever; for a summary so many are plenty. */
  private static final int MAX_PEERS = 10_000;

  private final Map<InetSocketAddress, Account> accounts = new LinkedHashMap<>();

  private static final class Account {
    boolean incoming;
    String client = "";
    @Nullable Encryption encryption;
    boolean connected;
    long endedDownloaded;
    long endedUploaded;
    long nowDownloaded;
    long nowUploaded;

    /** What stands in a status may have ended since, and is not counted twice. */
    long downloaded() {
      return endedDownloaded > 0 ? endedDownloaded : nowDownloaded;
    }

    long uploaded() {
      return endedUploaded > 0 ? endedUploaded : nowUploaded;
    }
  }

  void connected(InetSocketAddress peer, Encryption encryption) {
    Account account = account(peer);
    account.connected = true;
    account.encryption = encryption;
  }

  void disconnected(InetSocketAddress peer, long downloaded, long uploaded) {
    Account account = account(peer);
    account.endedDownloaded += downloaded;
    account.endedUploaded += uploaded;
  }

  void update(TransferStatus status) {
    for (PeerStatus peer : status.peers()) {
      Account account = account(peer.address());
      account.incoming = peer.incoming();
      account.nowDownloaded = peer.downloaded();
      account.nowUploaded = peer.uploaded();
      // What it says in words comes a little later than its peer id.
      if (peer.client().isPresent()) {
        account.client = peer.client().get();
      } else if (account.client.isEmpty()) {
        account.client = peer.peerId().map(PeerLedger::client).orElse("");
      }
    }
  }

  /** The name of the client that uses such peer ids, or the peer id itself. */
  static String client(PeerId id) {
    return ClientNames.of(id).orElse(id.toString());
  }

  private Account account(InetSocketAddress peer) {
    if (accounts.size() >= MAX_PEERS && !accounts.containsKey(peer)) {
      return new Account();
    }
    return accounts.computeIfAbsent(peer, address -> new Account());
  }

  /** How many peers gave us something. */
  long givers() {
    return accounts.values().stream().filter(account -> account.downloaded() > 0).count();
  }

  /** Those that have shaken hands. */
  List<Json> json() {
    List<Json> peers = new ArrayList<>();
    accounts.forEach(
        (address, account) -> {
          if (account.connected || !account.client.isEmpty()) {
            peers.add(
                Json.object()
                    .put("address", Endpoint.text(address))
                    .put("client", account.client.isEmpty() ? null : account.client)
                    .put("incoming", account.incoming)
                    .put("encryption", Optional.ofNullable(account.encryption).map(Policy::word))
                    .put("downloaded", account.downloaded())
                    .put("uploaded", account.uploaded()));
          }
        });
    return peers;
  }
}
