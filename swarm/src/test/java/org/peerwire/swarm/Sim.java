package org.peerwire.swarm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.peerwire.Block;
import org.peerwire.BlockRegion;
import org.peerwire.Handshake;
import org.peerwire.InfoHash;
import org.peerwire.IpAddress;
import org.peerwire.PeerAddress;
import org.peerwire.PeerId;
import org.peerwire.PieceLayout;
import org.peerwire.PieceSet;
import org.peerwire.frame.OutputSink;
import org.peerwire.swarm.dial.PeerSource;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;
import org.peerwire.wire.WireTransport;

/**
 * Swarms on one thread, in virtual time: a queue of events, an emulated network (delay, bandwidth,
 * cuts at any byte, black holes) and storage in memory, all from one seed.
 */
final class Sim {
  static final long MS = 1_000_000;
  static final long SECOND = 1000 * MS;
  private static final int SEGMENT = 1460;
  static final InfoHash INFO_HASH = InfoHash.of(new byte[20]);

  final long seed;
  final SplitMix64 random;
  final PieceLayout layout;
  final byte[] content;
  final int pieceLength;
  private final byte[][] hashes;
  final Map<PeerAddress, Node> nodes = new LinkedHashMap<>();
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::time).thenComparing(Event::order));

  long now = 5 * SECOND;
  long steps;
  long delay = 5 * MS;
  long diskDelay = MS;

  /** How many of a hundred segments get lost, and come a round trip later, all behind them too. */
  int lossPercent;

  /** By up to how much a delay varies; order is kept, as by TCP. */
  int jitterMillis;

  private long order;
  private @Nullable Node rawHost;
  private int raws;

  Sim(long seed, int length, int pieceLength) {
    this(seed, PieceLayout.of(length, pieceLength), length, pieceLength);
  }

  /** A torrent of such a layout, as one with v2 hashes. */
  Sim(long seed, PieceLayout layout, int length, int pieceLength) {
    this.seed = seed;
    this.pieceLength = pieceLength;
    random = new SplitMix64(seed);
    this.layout = layout;
    content = new byte[length];
    for (int i = 0; i < length; i++) {
      content[i] = (byte) random.nextLong();
    }
    hashes = new byte[layout.pieceCount()][];
    for (int piece = 0; piece < hashes.length; piece++) {
      hashes[piece] = sha1(slice(content, piece));
    }
  }

  static PieceSet all(int pieces) {
    PieceSet all = new PieceSet(pieces);
    all.addAll();
    return all;
  }

  static PeerAddress address(String ip, int port) {
    return new PeerAddress(IpAddress.parse(ip), port);
  }

  int blocks() {
    int blocks = 0;
    for (int piece = 0; piece < layout.pieceCount(); piece++) {
      blocks += (layout.pieceLength(piece) - 1) / Block.LENGTH + 1;
    }
    return blocks;
  }

  Node seed(String name) {
    return node(name, piece -> true, SwarmOptions.DEFAULT);
  }

  Node leech(String name) {
    return node(name, piece -> false, SwarmOptions.DEFAULT);
  }

  Node node(String name, IntPredicate has, SwarmOptions options) {
    return node(name, address("127.0.0." + (nodes.size() + 1), 6881), has, options);
  }

  Node node(String name, PeerAddress address, IntPredicate has, SwarmOptions options) {
    Node node = new Node(name, address, has, options);
    nodes.put(address, node);
    return node;
  }

  void at(long time, Runnable task) {
    events.add(new Event(Math.max(time, now), order++, task));
  }

  void after(long nanos, Runnable task) {
    at(now + nanos, task);
  }

  /** Runs until something holds, or fails with the seed if it does not within a time. */
  void runUntil(String what, long nanos, BooleanSupplier done) {
    long end = now + nanos;
    while (!done.getAsBoolean()) {
      Event event = events.poll();
      if (event == null || event.time > end) {
        throw new AssertionError(
            "seed " + seed + ": not within " + nanos / SECOND + " s: " + what + "\n" + describe());
      }
      step(event);
    }
  }

  void run(long nanos) {
    long end = now + nanos;
    for (Event event = events.peek(); event != null && event.time <= end; event = events.peek()) {
      step(events.remove());
    }
    now = end;
  }

  private void step(Event event) {
    now = event.time;
    steps++;
    try {
      event.task.run();
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError("seed " + seed + " at step " + steps + ": " + e, e);
    }
  }

  /**
   * A peer whose every word the test says. It calls a node.
   *
   * @param equip what its wire speaks more
   */
  PeerWire raw(Node node, PeerAddress from, PeerListener listener, Consumer<PeerWire> equip) {
    PeerWire wire = new PeerWire(listener);
    equip.accept(wire);
    wire.layout(layout);
    byte[] id = Arrays.copyOf(("-XX0000-" + raws++).getBytes(UTF_8), PeerId.LENGTH);
    wire.handshake(INFO_HASH, PeerId.of(id));
    Node host = rawHost;
    if (host == null) {
      host = leech("raw");
      rawHost = host;
    }
    PeerWire theirs = node.swarm.accepted(from, now);
    if (theirs == null) {
      new End(host, wire).cut("refused");
    } else {
      link(host, wire, node, theirs);
    }
    return wire;
  }

  PeerWire raw(Node node, PeerListener listener) {
    return raw(node, address("127.0.7." + (raws + 1), 7000), listener, wire -> {});
  }

  /** Joins two wires. */
  End link(Node near, PeerWire ours, Node remote, PeerWire theirs) {
    End end = new End(near, ours);
    End far = new End(remote, theirs);
    end.other = far;
    far.other = end;
    end.pump();
    far.pump();
    return end;
  }

  String describe() {
    StringBuilder text = new StringBuilder();
    for (Node node : nodes.values()) {
      SwarmStatus status = node.swarm.status(now);
      text.append(node.name).append(": ").append(status).append('\n');
      List<String> log = node.log;
      text.append(node.swarm.downloads).append('\n');
      text.append(log.subList(Math.max(0, log.size() - 10), log.size())).append('\n');
    }
    return text.toString();
  }

  byte[] slice(byte[] bytes, int piece) {
    int from = piece * pieceLength;
    return Arrays.copyOfRange(bytes, from, from + layout.pieceLength(piece));
  }

  static byte[] sha1(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-1").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private record Event(long time, long order, Runnable task) {}

  /** A swarm, its disk and its network. */
  final class Node implements SwarmActions, SwarmListener {
    final String name;
    final PeerAddress address;
    final byte[] disk;
    final Swarm swarm;
    final List<End> ends = new ArrayList<>();
    final List<String> log = new ArrayList<>();
    final List<PeerAddress> banned = new ArrayList<>();
    final List<Integer> pieces = new ArrayList<>();
    final List<PeerAddress> dialled = new ArrayList<>();
    final Map<Integer, Integer> asked = new LinkedHashMap<>();

    /** Changes what is served, to lie. */
    Consumer<byte[]> corrupt = block -> {};

    /** In which pieces. */
    IntPredicate lies = piece -> true;

    /** The pieces of which it served something. */
    final BitSet served = new BitSet();

    boolean listening = true;
    boolean diskFull;
    int completions;
    long bandwidth = Long.MAX_VALUE;
    private long tickAt = Long.MAX_VALUE;

    Node(String name, PeerAddress address, IntPredicate has, SwarmOptions options) {
      this.name = name;
      this.address = address;
      disk = new byte[content.length];
      PieceSet verified = new PieceSet(layout.pieceCount());
      for (int piece = 0; piece < layout.pieceCount(); piece++) {
        if (has.test(piece)) {
          verified.add(piece);
          System.arraycopy(
              content, piece * pieceLength, disk, piece * pieceLength, layout.pieceLength(piece));
        }
      }
      byte[] text = ("-PWSIM-" + nodes.size() + name).getBytes(UTF_8);
      PeerId id = PeerId.of(Arrays.copyOf(text, PeerId.LENGTH));
      swarm = new Swarm(INFO_HASH, id, layout, verified, options, this, this, random.nextLong());
    }

    /** Knows another node and dials it. */
    Node dials(Node... others) {
      for (Node other : others) {
        swarm.addCandidate(other.address, PeerSource.USER);
      }
      looked();
      return this;
    }

    boolean isComplete() {
      return swarm.isComplete() && Arrays.equals(disk, content);
    }

    SwarmStatus status() {
      return swarm.status(now);
    }

    PeerState peer(Node other) {
      return swarm.peers.stream()
          .filter(peer -> peer.address.ip().equals(other.address.ip()))
          .findFirst()
          .orElseThrow();
    }

    /** The connections are cut and no more are taken. */
    void leave() {
      listening = false;
      for (End end : List.copyOf(ends)) {
        end.cut("left");
      }
    }

    void looked() {
      long nanos = swarm.nanosUntilTick(now);
      long time = nanos > Long.MAX_VALUE - now ? Long.MAX_VALUE : now + nanos;
      if (time < tickAt) {
        tickAt = time;
        at(
            time,
            () -> {
              if (tickAt == time) {
                tickAt = Long.MAX_VALUE;
                swarm.tick(now);
                looked();
              }
            });
      }
    }

    @Override
    public void connect(PeerAddress to) {
      dialled.add(to);
      Node other = nodes.get(to);
      after(
          delay,
          () -> {
            if (other == null || !other.listening || !listening) {
              swarm.dialFailed(to, "refused", now);
            } else {
              join(other);
            }
            looked();
          });
    }

    private void join(Node other) {
      PeerWire ours = swarm.dialled(other.address, now);
      int port = 10_000 + random.nextInt(50_000);
      PeerWire theirs = other.swarm.accepted(new PeerAddress(address.ip(), port), now);
      if (ours == null) {
        return;
      }
      if (theirs == null) {
        new End(this, ours).cut("refused");
        return;
      }
      link(this, ours, other, theirs);
      other.looked();
    }

    @Override
    public void write(int piece, int begin, ByteBuffer block) {
      asked.merge(piece, 1, Integer::sum);
      assertThat(swarm.verified().contains(piece)).as("D2: piece %s", piece).isFalse();
      if (diskFull) {
        after(diskDelay, () -> swarm.writeFailed(piece, "no space left", now));
      } else {
        block.duplicate().get(disk, piece * pieceLength + begin, block.remaining());
      }
    }

    @Override
    public void verify(int piece, boolean digests) {
      if (diskFull) {
        return;
      }
      after(
          diskDelay,
          () -> {
            byte[] bytes = slice(disk, piece);
            boolean ok = Arrays.equals(sha1(bytes), hashes[piece]);
            BlockDigests all = digests || !ok ? BlockDigests.of(ByteBuffer.wrap(bytes)) : null;
            swarm.verified(piece, ok, all, now);
            looked();
          });
    }

    @Override
    public BlockRegion read(int piece, int begin, int length) {
      assertThat(swarm.verified().contains(piece)).as("D1: piece %s", piece).isTrue();
      int from = piece * pieceLength + begin;
      byte[] block = Arrays.copyOfRange(disk, from, from + length);
      served.set(piece);
      if (lies.test(piece)) {
        corrupt.accept(block);
      }
      return new BlockRegion() {
        @Override
        public int length() {
          return length;
        }

        @Override
        public void read(int offset, ByteBuffer target) {
          target.put(block, offset, target.remaining());
        }
      };
    }

    @Override
    public void onPiece(int piece) {
      pieces.add(piece);
    }

    @Override
    public void onComplete() {
      completions++;
    }

    @Override
    public void onCorruptPiece(int piece, int sources) {
      log.add("corrupt " + piece + " from " + sources);
    }

    @Override
    public void onPeer(PeerAddress peer, Handshake handshake) {
      log.add("peer " + peer);
    }

    @Override
    public void onPeerGone(PeerAddress peer, long downloaded, long uploaded, String why) {
      log.add("gone " + peer + ": " + why);
    }

    @Override
    public void onBan(PeerAddress peer, String why) {
      banned.add(peer);
    }

    @Override
    public void onSnub(PeerAddress peer) {
      log.add("snub " + peer);
    }

    @Override
    public void onPoisoned(int piece) {
      log.add("poisoned");
    }

    @Override
    public void onOverdownload(PeerAddress peer) {
      log.add("overdownload");
    }
  }

  /** One end of a connection: moves the bytes of a wire. */
  final class End implements OutputSink {
    final Node node;
    final PeerWire wire;
    private final WireTransport transport;
    @Nullable End other;

    /** Nothing is delivered from here while it is set, and nothing is lost. */
    boolean blackHole;

    private final List<ByteBuffer> held = new ArrayList<>();
    private final ByteBuffer out = ByteBuffer.allocate(32 << 10);
    private boolean pumping;
    private boolean sending;
    private boolean ended;
    private long freeAt;
    private long arrivesAt;
    private long timerAt = Long.MAX_VALUE;

    End(Node node, PeerWire wire) {
      this.node = node;
      this.wire = wire;
      transport = wire.transport();
      node.ends.add(this);
      transport.onWork(() -> after(0, this::pump));
    }

    void pump() {
      if (pumping || ended) {
        return;
      }
      pumping = true;
      if (!sending && transport.pending() > 0) {
        out.clear();
        long count = transport.drainTo(this, out.capacity());
        byte[] bytes = Arrays.copyOf(out.array(), (int) count);
        sending = true;
        long start = Math.max(now, freeAt);
        freeAt = node.bandwidth == Long.MAX_VALUE ? start : start + count * SECOND / node.bandwidth;
        at(
            freeAt,
            () -> {
              sending = false;
              call(() -> transport.sent(count, now));
            });
        long jitter = jitterMillis == 0 ? 0 : random.nextInt(jitterMillis) * MS;
        arrivesAt = Math.max(arrivesAt, freeAt + delay + jitter + retransmission(count));
        at(arrivesAt, () -> deliver(ByteBuffer.wrap(bytes)));
      } else if (!sending && transport.isClosed()) {
        // It may have been closed by a verb, and nobody was told yet.
        transport.timeout(now);
        ended = true;
        node.ends.remove(this);
        after(delay, this::endOther);
      }
      pumping = false;
      timer();
      node.looked();
    }

    private long retransmission(long bytes) {
      for (long sent = 0; lossPercent > 0 && sent < bytes; sent += SEGMENT) {
        if (random.nextInt(100) < lossPercent) {
          return 2 * delay;
        }
      }
      return 0;
    }

    private void endOther() {
      End far = other;
      if (far != null && !far.ended) {
        far.call(() -> far.transport.endOfInput(now));
      }
    }

    private void deliver(ByteBuffer bytes) {
      if (blackHole) {
        held.add(bytes);
        return;
      }
      End far = other;
      while (far != null && bytes.hasRemaining() && !far.ended) {
        // Cut at any byte, often at none.
        int most = bytes.remaining();
        int count = random.nextInt(3) == 0 ? 1 + random.nextInt(most) : most;
        byte[] part = new byte[count];
        bytes.get(part);
        far.call(() -> far.transport.receive(ByteBuffer.wrap(part), now));
        // The input is the transport's: whoever kept a view of it reads garbage from now on.
        Arrays.fill(part, (byte) 0xEE);
      }
    }

    void release() {
      blackHole = false;
      List<ByteBuffer> waiting = List.copyOf(held);
      held.clear();
      waiting.forEach(this::deliver);
    }

    void cut(String why) {
      if (!ended) {
        // What was on its way is lost, unlike at a close.
        sending = false;
        blackHole = true;
        call(() -> transport.failed(why, now));
      }
    }

    private void call(Runnable task) {
      if (!ended) {
        node.swarm.time(now);
        task.run();
        pump();
      }
    }

    private void timer() {
      long nanos = ended ? Long.MAX_VALUE : transport.nanosUntilTimeout(now);
      if (nanos == Long.MAX_VALUE || now + nanos >= timerAt) {
        return;
      }
      long time = now + nanos;
      timerAt = time;
      at(
          time,
          () -> {
            if (timerAt == time) {
              timerAt = Long.MAX_VALUE;
              call(() -> transport.timeout(now));
            }
          });
    }

    @Override
    public void control(ByteBuffer bytes) {
      out.put(bytes);
    }

    @Override
    public void block(ByteBuffer block) {
      out.put(block);
    }

    @Override
    public void region(BlockRegion region, int offset, int length) {
      try {
        region.read(offset, out.slice(out.position(), length));
        out.position(out.position() + length);
      } catch (java.io.IOException e) {
        throw new AssertionError(e);
      }
      if (offset + length == region.length()) {
        region.release();
      }
    }
  }
}
