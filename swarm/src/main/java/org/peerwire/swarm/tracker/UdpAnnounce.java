package org.peerwire.swarm.tracker;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.peerwire.IpAddress;
import org.peerwire.SafeText;
import org.peerwire.mse.RandomSource;

/**
 * One announce over UDP (<a href="https://www.bittorrent.org/beps/bep_0015.html">BEP 15</a>), from
 * the connection id to the answer. It sends nothing itself:
 *
 * <pre>
 *   {@link #poll}                 a packet to be sent, if one is due
 *   {@link #receive}              a packet from the tracker's address
 *   {@link #nanosUntilPoll}       when to poll again
 *   {@link #answer}, {@link #failure}  how it ended
 * </pre>
 *
 * <p>A packet that is not answered is sent again after 15 &middot; 2<sup>n</sup> s. What does not
 * fit what was asked, such as another transaction id, is ignored: anyone may send packets.
 */
public final class UdpAnnounce {
  /** The largest packet that is sent, in bytes. */
  public static final int MAX_PACKET = 98 + 2 + 255;

  /** BEP 15: n goes up to 8. */
  public static final int MAX_TRANSMISSIONS = 9;

  private static final long FIRST_TIMEOUT = TimeUnit.SECONDS.toNanos(15);
  private static final long PROTOCOL = 0x41727101980L;
  private static final int CONNECT = 0;
  private static final int ANNOUNCE = 1;
  private static final int ERROR = 3;
  private static final int HEADER = 8;
  private static final int CONNECT_ANSWER = 16;
  private static final int ANNOUNCE_ANSWER = 20;

  /** BEP 41. */
  private static final byte URL_DATA = 2;

  private static final int MAX_URL_DATA = 255;

  private final Announce announce;
  private final byte[] urlData;
  private final UdpConnection connection;
  private final RandomSource random;
  private final int ipLength;
  private final int maxTransmissions;

  private boolean waits;
  private int waitsFor;
  private int transaction;
  private long timeoutAt;
  private int transmissions;
  private boolean reconnected;
  private @Nullable TrackerAnswer answer;
  private @Nullable TrackerException failure;

  /**
   * An announce that has not begun.
   *
   * @param path the tracker's path and query, told to it if it is not just {@code /announce} (<a
   *     href="https://www.bittorrent.org/beps/bep_0041.html">BEP 41</a>)
   * @param connection of that tracker; used, and renewed
   * @param random must not be foreseeable: transaction ids keep others from answering
   * @param v6 whether the tracker's address is an IPv6 one: its peers are as well
   * @param maxTransmissions how often it is sent without an answer, 1 to {@link #MAX_TRANSMISSIONS}
   */
  public UdpAnnounce(
      Announce announce,
      String path,
      UdpConnection connection,
      RandomSource random,
      boolean v6,
      int maxTransmissions) {
    if (maxTransmissions < 1 || maxTransmissions > MAX_TRANSMISSIONS) {
      throw new IllegalArgumentException(maxTransmissions + " transmissions");
    }
    this.announce = announce;
    this.connection = connection;
    this.random = random;
    this.maxTransmissions = maxTransmissions;
    boolean plain = path.isEmpty() || path.equals("/") || path.equals("/announce");
    urlData = plain ? new byte[0] : path.getBytes(StandardCharsets.UTF_8);
    ipLength = v6 ? IpAddress.V6_LENGTH : IpAddress.V4_LENGTH;
  }

  /** What the tracker answered; null if it has not yet. */
  public @Nullable TrackerAnswer answer() {
    return answer;
  }

  /** Why it failed; null if it has not. */
  public @Nullable TrackerException failure() {
    return failure;
  }

  /** Whether there is nothing more to be sent or received. */
  public boolean isDone() {
    return answer != null || failure != null;
  }

  /**
   * Writes the packet that is due.
   *
   * @param target with room for {@link #MAX_PACKET} bytes
   * @return whether there was one: it is to be sent to the tracker
   */
  public boolean poll(ByteBuffer target, long now) {
    if (isDone() || (waits && now - timeoutAt < 0)) {
      return false;
    }
    if (transmissions == maxTransmissions) {
      failure = new TrackerException("it does not answer");
      return false;
    }
    int wanted = connection.isValid(now) ? ANNOUNCE : CONNECT;
    if (!waits || waitsFor != wanted) {
      transaction = newTransaction();
    }
    waits = true;
    waitsFor = wanted;
    timeoutAt = now + (FIRST_TIMEOUT << transmissions);
    transmissions++;
    if (wanted == CONNECT) {
      target.putLong(PROTOCOL).putInt(CONNECT).putInt(transaction);
    } else {
      write(target);
    }
    return true;
  }

  /** In how many nanoseconds {@link #poll} has something to do; {@link Long#MAX_VALUE}: never. */
  public long nanosUntilPoll(long now) {
    return isDone() ? Long.MAX_VALUE : waits ? Math.max(0, timeoutAt - now) : 0;
  }

  /**
   * Reads a packet.
   *
   * @param packet what came from the tracker's address and port, and from no other; from position
   *     to limit, which stay
   */
  public void receive(ByteBuffer packet, long now) {
    ByteBuffer source = packet.slice();
    if (isDone() || !waits || source.remaining() < HEADER) {
      return;
    }
    int action = source.getInt();
    if (source.getInt() != transaction) {
      return;
    }
    if (action == ERROR) {
      refused(source);
    } else if (action == CONNECT && waitsFor == CONNECT && packet.remaining() >= CONNECT_ANSWER) {
      connection.connected(source.getLong(), now);
      again();
    } else if (action == ANNOUNCE
        && waitsFor == ANNOUNCE
        && packet.remaining() >= ANNOUNCE_ANSWER) {
      answer = read(source);
    }
  }

  private void refused(ByteBuffer source) {
    if (waitsFor == ANNOUNCE && !reconnected) {
      // The id may have been too old for it; it says so in words of its own.
      reconnected = true;
      connection.forget();
      again();
      return;
    }
    byte[] text = new byte[Math.min(source.remaining(), 4 * HttpAnnounce.MAX_TEXT)];
    source.get(text);
    String reason = new String(text, StandardCharsets.UTF_8);
    failure = new TrackerException("it says: " + SafeText.of(reason, HttpAnnounce.MAX_TEXT));
  }

  /** The next packet is due at once, and it is not one that was not answered. */
  private void again() {
    waits = false;
    transmissions = Math.max(0, transmissions - 1);
  }

  private TrackerAnswer read(ByteBuffer source) {
    long interval = source.getInt() & 0xffff_ffffL;
    long leechers = source.getInt() & 0xffff_ffffL;
    long seeders = source.getInt() & 0xffff_ffffL;
    PeerEntries peers = new PeerEntries();
    peers.compact(source, ipLength);
    return new TrackerAnswer(
        interval,
        0,
        seeders,
        leechers,
        List.copyOf(peers.peers()),
        Optional.empty(),
        null,
        Optional.empty());
  }

  private void write(ByteBuffer target) {
    target.putLong(connection.id()).putInt(ANNOUNCE).putInt(transaction);
    announce.infoHash().writeTo(target);
    announce.peerId().writeTo(target);
    target.putLong(announce.totals().downloaded());
    target.putLong(announce.totals().left());
    target.putLong(announce.totals().uploaded());
    target.putInt(announce.event().code());
    target.putInt(0); // our address: the tracker sees it
    target.putInt(announce.key());
    target.putInt(announce.numWant());
    target.putShort((short) announce.port());
    if (urlData.length > 0) {
      int length = Math.min(urlData.length, MAX_URL_DATA);
      target.put(URL_DATA).put((byte) length).put(urlData, 0, length);
    }
  }

  private int newTransaction() {
    byte[] bytes = new byte[Integer.BYTES];
    random.nextBytes(bytes);
    return ByteBuffer.wrap(bytes).getInt();
  }
}
