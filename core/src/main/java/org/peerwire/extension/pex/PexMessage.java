package org.peerwire.extension.pex;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.peerwire.IpAddress;
import org.peerwire.PeerAddress;
import org.peerwire.bencode.BencodeDict;
import org.peerwire.bencode.BencodeString;
import org.peerwire.bencode.BencodeWriter;

/**
 * One message: IPv4 and IPv6 peers together.
 *
 * @param added at most {@link #MAX} of them
 * @param dropped at most {@link #MAX} of them
 * @param malformed of a message that was read: whether a list had not the right length
 */
record PexMessage(List<PexPeer> added, List<PeerAddress> dropped, boolean malformed) {
  /** How many peers of each list are read, and written. */
  static final int MAX = 50;

  /** Reads the first of each list; what is cut off at its end is not read. */
  static PexMessage read(BencodeDict message) {
    List<PexPeer> added = new ArrayList<>();
    boolean whole = added(message.string("added"), message.string("added.f"), 4, added);
    whole &= added(message.string("added6"), message.string("added6.f"), 16, added);
    List<PeerAddress> dropped = new ArrayList<>();
    whole &= dropped(message.string("dropped"), 4, dropped);
    whole &= dropped(message.string("dropped6"), 16, dropped);
    return new PexMessage(added, dropped, !whole);
  }

  byte[] write() {
    Predicate<PexPeer> v4 = peer -> peer.address().ip().isV4();
    Predicate<PeerAddress> droppedV4 = address -> address.ip().isV4();
    BencodeWriter out = new BencodeWriter().beginDict();
    putAdded(out, "added", added.stream().filter(v4).toList());
    putAdded(out, "added6", added.stream().filter(v4.negate()).toList());
    put(out, "dropped", dropped.stream().filter(droppedV4).toList());
    put(out, "dropped6", dropped.stream().filter(droppedV4.negate()).toList());
    return out.end().toByteArray();
  }

  private static boolean added(
      @Nullable BencodeString peers, @Nullable BencodeString flags, int ip, List<PexPeer> into) {
    if (peers == null) {
      return flags == null || flags.isEmpty();
    }
    int entry = ip + Short.BYTES;
    int count = peers.size() / entry;
    ByteBuffer bytes = peers.bytes();
    ByteBuffer bits = flags == null ? ByteBuffer.allocate(0) : flags.bytes();
    for (int i = 0; i < count && into.size() < MAX; i++) {
      PeerAddress address = PeerAddress.readFrom(bytes, ip);
      into.add(new PexPeer(address, bits.hasRemaining() ? bits.get() & 0xff : 0));
    }
    return peers.size() % entry == 0 && (flags == null || flags.size() == count);
  }

  private static boolean dropped(@Nullable BencodeString peers, int ip, List<PeerAddress> into) {
    if (peers == null) {
      return true;
    }
    int entry = ip + Short.BYTES;
    ByteBuffer bytes = peers.bytes();
    while (bytes.remaining() >= entry && into.size() < MAX) {
      into.add(PeerAddress.readFrom(bytes, ip));
    }
    return peers.size() % entry == 0;
  }

  private static void putAdded(BencodeWriter out, String key, List<PexPeer> peers) {
    if (peers.isEmpty()) {
      return;
    }
    put(out, key, peers.stream().map(PexPeer::address).toList());
    byte[] flags = new byte[peers.size()];
    for (int i = 0; i < flags.length; i++) {
      flags[i] = (byte) peers.get(i).flags();
    }
    out.put(key + ".f", flags);
  }

  private static void put(BencodeWriter out, String key, List<PeerAddress> peers) {
    if (peers.isEmpty()) {
      return;
    }
    ByteBuffer compact = ByteBuffer.allocate(peers.size() * (IpAddress.V6_LENGTH + Short.BYTES));
    peers.forEach(peer -> peer.writeTo(compact));
    out.key(key).string(compact.flip());
  }
}
