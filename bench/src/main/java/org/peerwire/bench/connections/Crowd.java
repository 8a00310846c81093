package org.peerwire.bench.connections;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Many peers in one thread, made of nothing but sockets and bytes: {@code Crowd PORT INFO-HASH}. It
 * is told by lines, and answers each when it is done:
 *
 * <pre>
 *   connect N     so many more shake hands and say what they have; they send keep-alives from then on
 *   pace MILLIS   how often each does, in turn
 *   fetch N B     the first N fetch B blocks each, at once
 *   silent N      so many connections come and say nothing; not waited for
 *   drop N        the last N go
 *   status        how many are open
 * </pre>
 */
public final class Crowd {
  private static final int BLOCK = 16 << 10;
  private static final int PIPELINE = 16;
  private static final int CONNECTING = 128;

  /** Addresses to come from: one alone may not be half open too often, and its ports run out. */
  private static final int SOURCES = 24;

  private final InetSocketAddress target;
  private final byte[] infoHash;
  private final Selector selector = Selector.open();
  private final Queue<String> commands = new ConcurrentLinkedQueue<>();
  private final List<Peer> peers = new ArrayList<>();
  private final Queue<SocketChannel> silent = new ArrayDeque<>();
  private final ByteBuffer input = ByteBuffer.allocateDirect(256 << 10);
  private int toConnect;
  private int connecting;
  private int lost;
  private int fetching;
  private long fetchedBytes;
  private int source;
  private long paceNanos = Long.MAX_VALUE;
  private long nextKeepAlive;
  private int speaker;
  private long began;
  private @Nullable String doing;

  private Crowd(int port, byte[] infoHash) throws IOException {
    target = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    this.infoHash = infoHash;
  }

  /** Runs until standard input ends. */
  public static void main(String[] arguments) throws Exception {
    Crowd crowd = new Crowd(Integer.parseInt(arguments[0]), HexFormat.of().parseHex(arguments[1]));
    Thread reader = new Thread(crowd::readCommands, "commands");
    reader.setDaemon(true);
    reader.start();
    crowd.run();
  }

  private void readCommands() {
    try {
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        commands.add(line);
        selector.wakeup();
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } finally {
      System.exit(0);
    }
  }

  private void run() throws IOException {
    while (true) {
      if (doing == null) {
        String next = commands.poll();
        if (next != null) {
          begin(next);
        }
      }
      while (toConnect > 0 && connecting < CONNECTING) {
        toConnect--;
        connect();
      }
      answerIfDone();
      selector.select(this::ready, Math.max(1, Math.min(100, keepAlive() / 1_000_000)));
    }
  }

  /**
   * One after the other, as real peers do, and not all at once.
   *
   * @return in how many nanoseconds the next is due
   */
  private long keepAlive() {
    long now = System.nanoTime();
    if (paceNanos == Long.MAX_VALUE || peers.isEmpty()) {
      nextKeepAlive = now;
      return paceNanos;
    }
    while (nextKeepAlive - now <= 0) {
      nextKeepAlive += paceNanos / peers.size();
      peers.get(speaker++ % peers.size()).say(ByteBuffer.wrap(new byte[4]));
    }
    return nextKeepAlive - now;
  }

  private void begin(String command) throws IOException {
    String[] words = command.split(" ", -1);
    doing = command;
    began = System.nanoTime();
    switch (words[0]) {
      case "connect" -> toConnect = Integer.parseInt(words[1]);
      case "pace" -> {
        paceNanos = Long.parseLong(words[1]) * 1_000_000;
        nextKeepAlive = System.nanoTime();
      }
      case "fetch" -> {
        fetching = 0;
        fetchedBytes = 0;
        for (Peer peer : peers.subList(0, Integer.parseInt(words[1]))) {
          peer.fetch(Integer.parseInt(words[2]));
        }
      }
      case "silent" -> {
        for (int i = Integer.parseInt(words[1]); i > 0; i--) {
          SocketChannel channel = open();
          channel.connect(target);
          silent.add(channel);
          if (silent.size() > 2_000) {
            silent.remove().close();
          }
        }
      }
      case "drop" -> {
        for (int i = Integer.parseInt(words[1]); i > 0; i--) {
          peers.remove(peers.size() - 1).channel.close();
        }
      }
      default -> {} // status
    }
  }

  private void answerIfDone() {
    if (doing != null && toConnect == 0 && connecting == 0 && fetching == 0) {
      System.out.println(
          doing.split(" ", -1)[0]
              + " open "
              + peers.stream().filter(peer -> peer.channel.isOpen()).count()
              + " lost "
              + lost
              + " bytes "
              + fetchedBytes
              + " millis "
              + (System.nanoTime() - began) / 1_000_000);
      doing = null;
    }
  }

  private SocketChannel open() throws IOException {
    SocketChannel channel = SocketChannel.open();
    channel.bind(new InetSocketAddress("127.0.0." + (2 + source++ % SOURCES), 0));
    channel.configureBlocking(false);
    return channel;
  }

  private void connect() throws IOException {
    connecting++;
    SocketChannel channel = open();
    Peer peer = new Peer(channel);
    peer.key = channel.register(selector, SelectionKey.OP_CONNECT, peer);
    if (channel.connect(target)) {
      peer.connected();
    }
    peers.add(peer);
  }

  private void ready(SelectionKey key) {
    Peer peer = (Peer) key.attachment();
    try {
      if (key.isConnectable() && peer.channel.finishConnect()) {
        peer.connected();
      } else if (key.isReadable()) {
        peer.read();
      }
    } catch (IOException e) {
      peer.gone();
    }
  }

  private final class Peer {
    final SocketChannel channel;
    @Nullable SelectionKey key;

    /** How many bytes of the other side's handshake are still to come. */
    private int greeting = 68;

    /** What is still to be asked for, and what is still to come, in bytes. */
    private int toAsk;

    private long toCome;
    private long untilNext;
    private boolean open;

    Peer(SocketChannel channel) {
      this.channel = channel;
    }

    void connected() throws IOException {
      if (key != null) {
        key.interestOps(SelectionKey.OP_READ);
      }
      int bits = (Torrent.PIECES + 7) / 8;
      ByteBuffer hello = ByteBuffer.allocate(68 + 5 + bits);
      hello.put((byte) 19).put("BitTorrent protocol".getBytes(StandardCharsets.US_ASCII));
      hello.putLong(0).put(infoHash).put("-CR0000-".getBytes(StandardCharsets.US_ASCII));
      hello.putLong(System.nanoTime()).putInt(source);
      hello.putInt(1 + bits).put((byte) 5);
      for (int i = 0; i < bits; i++) {
        hello.put((byte) 0x55);
      }
      say(hello.flip());
    }

    void read() throws IOException {
      input.clear();
      int count = channel.read(input);
      if (count < 0) {
        gone();
        return;
      }
      int rest = count;
      if (greeting > 0) {
        int part = Math.min(greeting, rest);
        greeting -= part;
        rest -= part;
        if (greeting == 0) {
          open = true;
          connecting--;
        }
      }
      // Keep-alives and the like are no more than a few bytes beside the blocks.
      if (toCome > 0) {
        fetchedBytes += rest;
        toCome -= rest;
        untilNext -= rest;
        if (toCome <= 0) {
          toCome = 0;
          fetching--;
        } else {
          while (untilNext <= 0 && toAsk > 0) {
            ask(Math.min(toAsk, PIPELINE));
          }
        }
      }
    }

    void fetch(int blocks) {
      fetching++;
      toAsk = blocks;
      toCome = (long) blocks * (13 + BLOCK);
      say(ByteBuffer.wrap(new byte[] {0, 0, 0, 1, 2}));
      ask(Math.min(toAsk, PIPELINE));
      untilNext = 0; // the next are asked for with the first answer
    }

    private void ask(int count) {
      ByteBuffer requests = ByteBuffer.allocate(17 * count);
      for (int i = 0; i < count; i++) {
        toAsk--;
        requests.putInt(13).put((byte) 6);
        requests.putInt(toAsk / 4 % Torrent.PIECES).putInt(toAsk % 4 * BLOCK).putInt(BLOCK);
      }
      untilNext += (long) count * (13 + BLOCK);
      say(requests.flip());
    }

    void say(ByteBuffer words) {
      try {
        if (channel.isConnected() && channel.isOpen()) {
          channel.write(words);
          if (words.hasRemaining()) {
            throw new IllegalStateException("the other side does not read");
          }
        }
      } catch (IOException e) {
        gone();
      }
    }

    void gone() {
      if (channel.isOpen()) {
        lost++;
        if (!open) {
          connecting--;
        }
        if (toCome > 0) {
          fetching--;
        }
        try {
          channel.close();
        } catch (IOException e) {
          throw new java.io.UncheckedIOException(e);
        }
      }
    }
  }
}
