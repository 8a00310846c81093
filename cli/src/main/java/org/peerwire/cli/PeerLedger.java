package org.peerwire.cli;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.peerwire.PeerId;
import org.peerwire.cli.probe.ClientNames;
import org.peerwire.client.PeerStatus;
import org.peerwire.client.TransferStatus;

/**
 * What was had from each peer, those that left included: a status names only those that are
 * connected. It sees what the statuses that it is given show, so the bytes of a peer's last moment
 * may be missing.
 */
final class PeerLedger {
  /** Strangers may connect for ever; for a summary so many are plenty. */
  private static final int MAX_PEERS = 10_000;

  private final Map<InetSocketAddress, Account> accounts = new LinkedHashMap<>();

  private static final class Account {
    boolean incoming;
    String client = "";
    long earlierDownloaded;
    long earlierUploaded;
    long downloaded;
    long uploaded;
  }

  void connected(InetSocketAddress peer) {
    account(peer);
  }

  void update(TransferStatus status) {
    for (PeerStatus peer : status.peers()) {
      Account account = account(peer.address());
      if (peer.downloaded() < account.downloaded || peer.uploaded() < account.uploaded) {
        // It counts from zero: another connection.
        account.earlierDownloaded += account.downloaded;
        account.earlierUploaded += account.uploaded;
      }
      account.incoming = peer.incoming();
      account.downloaded = peer.downloaded();
      account.uploaded = peer.uploaded();
      if (account.client.isEmpty()) {
        account.client = peer.peerId().map(PeerLedger::client).orElse("");
      }
    }
  }

  private static String client(PeerId id) {
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
    return accounts.values().stream()
        .filter(account -> account.earlierDownloaded + account.downloaded > 0)
        .count();
  }

  List<Json> json() {
    List<Json> peers = new ArrayList<>();
    accounts.forEach(
        (address, account) ->
            peers.add(
                Json.object()
                    .put("address", Endpoint.text(address))
                    .put("client", account.client.isEmpty() ? null : account.client)
                    .put("incoming", account.incoming)
                    .put("downloaded", account.earlierDownloaded + account.downloaded)
                    .put("uploaded", account.earlierUploaded + account.uploaded)));
    return peers;
  }
}
