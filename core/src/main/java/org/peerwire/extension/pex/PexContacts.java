package org.peerwire.extension.pex;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.peerwire.PeerAddress;

/**
 * The peers of a torrent that we are connected to, for all {@link UtPex} of that torrent to tell.
 * Only those with which a handshake was exchanged belong here: what is told must be true, or we
 * help to point a swarm at someone. For one thread, the one that drives the wires.
 */
public final class PexContacts {
  private final Map<PeerAddress, Integer> contacts = new LinkedHashMap<>();
  private final Set<UtPex> tellers = new LinkedHashSet<>();
  private int version;

  /** Nobody yet. */
  public PexContacts() {}

  /**
   * We are connected to a peer now, or know it better.
   *
   * @param address where it listens, which for one that called us is not where it called from
   * @param flags of {@link PexPeer}
   */
  public void add(PeerAddress address, int flags) {
    Integer before = contacts.put(address, flags & 0xff);
    if (before == null) {
      changed();
    }
  }

  /** We are not connected to a peer any more. */
  public void remove(PeerAddress address) {
    if (contacts.remove(address) != null) {
      changed();
    }
  }

  /** Whom we are connected to: a copy. */
  public List<PexPeer> list() {
    List<PexPeer> list = new ArrayList<>(contacts.size());
    contacts.forEach((address, flags) -> list.add(new PexPeer(address, flags)));
    return list;
  }

  boolean contains(PeerAddress address) {
    return contacts.containsKey(address);
  }

  Map<PeerAddress, Integer> map() {
    return contacts;
  }

  /** Another number whenever something changed. */
  int version() {
    return version;
  }

  void attach(UtPex teller) {
    tellers.add(teller);
  }

  void detach(UtPex teller) {
    tellers.remove(teller);
  }

  private void changed() {
    version++;
    List.copyOf(tellers).forEach(UtPex::contactsChanged);
  }
}
