package org.peerwire.swarm;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.peerwire.IpScope;
import org.peerwire.PeerAddress;

/**
 * What each party got of us, whatever connections it makes: a party is a network (/24, or /48 of
 * IPv6), which one attacker may have all of. On this machine it is an address.
 */
final class Accounts {
  private static final int MAX = 1_000;

  /** Those that were asked for least lately come first. */
  private final Map<PeerAddress, Account> accounts = new LinkedHashMap<>(16, 0.75f, true);

  Account of(PeerAddress address) {
    PeerAddress party = party(address);
    Account known = accounts.get(party);
    if (known == null) {
      if (accounts.size() == MAX) {
        accounts.remove(accounts.keySet().iterator().next());
      }
      known = new Account();
      accounts.put(party, known);
    }
    return known;
  }

  /** A round of the choker has passed: what was long ago counts less. */
  void age() {
    for (Account account : accounts.values()) {
      account.given -= account.given >> 4;
    }
  }

  int size() {
    return accounts.size();
  }

  private static PeerAddress party(PeerAddress address) {
    if (address.ip().scope() == IpScope.LOOPBACK) {
      return address;
    }
    return new PeerAddress(address.ip().prefix(address.ip().isV4() ? 24 : 48), 0);
  }

  /** One party's. */
  static final class Account {
    private static final long PAUSE = TimeUnit.MINUTES.toNanos(30);

    /** Bytes of blocks that went to it lately; what is two minutes old counts half. */
    long given;

    /** The number of the latest turn it had; 0 for none. */
    long lastTurn;

    private boolean started;
    private long startedAt;

    /** Whether it is given a start as a newcomer: once in half an hour. */
    boolean mayStart(long now) {
      if (started && now - startedAt < PAUSE) {
        return false;
      }
      started = true;
      startedAt = now;
      return true;
    }
  }
}
