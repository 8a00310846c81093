package org.peerwire.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.peerwire.InfoHash;
import org.peerwire.Violation;
import org.peerwire.mse.Encryption;
import org.peerwire.mse.EncryptionPolicy;
import org.peerwire.mse.Mse;
import org.peerwire.mse.MseOptions;
import org.peerwire.mse.MseTransport;
import org.peerwire.mse.RandomSource;
import org.peerwire.mse.TorrentTable;
import org.peerwire.wire.CloseCause;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;
import org.peerwire.wire.WireOptions;

/**
 * Lets peers in: one listener for any number of torrents, plaintext and encrypted.
 *
 * <pre>{@code
 * PeerAcceptor acceptor =
 *     PeerAcceptor.builder()
 *         .encryption(MseOptions.of(EncryptionPolicy.PREFER), random::nextBytes)
 *         .build();
 * acceptor.add(infoHash, peer -> new Seeder(torrent));
 * new ServerBootstrap()
 *     .group(group)
 *     .channel(NioServerSocketChannel.class)
 *     .childHandler(acceptor)
 *     .bind(6881);
 * }</pre>
 *
 * <p>Each connection gets a {@link PeerWireHandler}. Its first bytes tell whether it is plain
 * BitTorrent or an encrypted handshake; when it has named a torrent, that torrent's {@link
 * PeerHost} says who hears its wire. Until then we say nothing of ourselves: neither who we are nor
 * what we have. A peer that names a torrent that is not here is closed without a word, as {@link
 * Violation#UNKNOWN_INFO_HASH}.
 *
 * <p>Those that have not named a torrent are bounded in number and time ({@link
 * WireOptions.Builder#handshakeTimeout}), and the oldest go first; while that happens the listener
 * accepts a few hundred a second and lets the rest wait. How many there may be in all afterwards is
 * the hosts' to say.
 *
 * <p>For any thread, and for any number of listeners.
 */
// What Netty's futures tell of closing is told by the channels' events too.
@SuppressWarnings("FutureReturnValueIgnored")
public final class PeerAcceptor extends ChannelInitializer<Channel> {
  /** By info-hash, which is the torrent's own object: it serves all wires. */
  private final Map<InfoHash, Hosted> hosts = new ConcurrentHashMap<>();

  private final TorrentTable torrents = new TorrentTable();
  private final WireOptions options;
  private final @Nullable Mse mse;
  private final HalfOpen halfOpen;

  private record Hosted(InfoHash infoHash, PeerHost host) {}

  private PeerAcceptor(Builder from) {
    options = from.wire;
    halfOpen = new HalfOpen(from.maxHalfOpen, from.maxHalfOpenOfOne);
    RandomSource random = from.random;
    mse =
        random == null || from.encryption.policy() == EncryptionPolicy.OFF
            ? null
            : new Mse(from.encryption, torrents, random);
  }

  /** A builder that begins with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * A torrent is here: peers that name it are let in.
   *
   * @return false if it was already
   */
  public boolean add(InfoHash infoHash, PeerHost host) {
    if (hosts.putIfAbsent(infoHash, new Hosted(infoHash, host)) != null) {
      return false;
    }
    torrents.add(infoHash);
    return true;
  }

  /**
   * A torrent is not here any more; peers that came for it stay.
   *
   * @return whether it was, with this host
   */
  public boolean remove(InfoHash infoHash, PeerHost host) {
    if (!hosts.remove(infoHash, new Hosted(infoHash, host))) {
      return false;
    }
    torrents.remove(infoHash);
    return true;
  }

  /** How many connections have not named a torrent yet. */
  public int halfOpen() {
    return halfOpen.size();
  }

  @Override
  protected void initChannel(Channel channel) {
    SocketAddress from = channel.remoteAddress();
    if (from == null) {
      channel.close(); // it is gone already
      return;
    }
    Object origin = from instanceof InetSocketAddress inet ? inet.getAddress() : from;
    Channel oldest = halfOpen.add(channel, origin);
    if (oldest != null) {
      hold(channel.parent());
      oldest.close();
    }
    Lobby lobby = new Lobby(channel);
    PeerWire wire = new PeerWire(lobby, options);
    Mse layers = mse;
    if (layers == null) {
      channel.pipeline().addLast(new PeerWireHandler(wire));
    } else {
      MseTransport layer = layers.accept(wire.transport());
      lobby.layer = layer;
      channel.pipeline().addLast(new PeerWireHandler(wire, layer));
    }
  }

  /**
   * Accepts no more for a moment: whoever comes while there is no room drives another one out, and
   * those who are in pay for both. The rest waits in the kernel, at no cost to anyone here. A flood
   * is accepted in batches so; Netty's are of 16.
   */
  private static void hold(@Nullable Channel server) {
    if (server != null) {
      server.eventLoop().execute(() -> Hold.begin(server));
    }
  }

  /** Hears a wire until the peer has named a torrent. */
  private final class Lobby implements PeerListener {
    private final Channel channel;
    private @Nullable MseTransport layer;

    Lobby(Channel channel) {
      this.channel = channel;
    }

    @Override
    public void onInfoHash(PeerWire wire, InfoHash infoHash, long reserved) {
      halfOpen.remove(channel);
      Hosted hosted = hosts.get(infoHash);
      PeerListener listener =
          hosted == null
              ? null
              : hosted.host.greet(new IncomingPeer(channel, wire, hosted.infoHash, encryption()));
      if (hosted == null || listener == null) {
        wire.close(Violation.UNKNOWN_INFO_HASH, infoHash.toString());
      } else {
        wire.handOver(listener);
        listener.onInfoHash(wire, hosted.infoHash, reserved);
      }
    }

    @Override
    public void onClose(PeerWire wire, CloseCause cause) {
      halfOpen.remove(channel);
    }

    private Encryption encryption() {
      Encryption agreed = layer == null ? null : layer.encryption();
      return agreed == null ? Encryption.NONE : agreed;
    }
  }

  /** Makes a {@link PeerAcceptor}. Each method names what it sets, its range and its default. */
  public static final class Builder {
    private WireOptions wire = WireOptions.DEFAULT;
    private MseOptions encryption = MseOptions.of(EncryptionPolicy.OFF);
    private @Nullable RandomSource random;
    private int maxHalfOpen = 1_024;
    private int maxHalfOpenOfOne = 64;

    private Builder() {}

    /** The limits and timeouts of each wire. Default {@link WireOptions#DEFAULT}. */
    public Builder wire(WireOptions options) {
      wire = options;
      return this;
    }

    /**
     * Whether peers may, or must, come encrypted. Default: they may not.
     *
     * @param source used by the threads of all channels, such as {@code secureRandom::nextBytes}
     */
    public Builder encryption(MseOptions options, RandomSource source) {
      encryption = options;
      random = source;
      return this;
    }

    /**
     * How many connections may be that have not named a torrent: in all and of one address, each
     * from 1. Default 1,024 and 64.
     */
    public Builder maxHalfOpen(int inAll, int ofOneAddress) {
      if (inAll < 1 || ofOneAddress < 1) {
        throw new IllegalArgumentException(
            inAll + " and " + ofOneAddress + " half-open connections");
      }
      maxHalfOpen = inAll;
      maxHalfOpenOfOne = ofOneAddress;
      return this;
    }

    /** The acceptor, without torrents yet. */
    public PeerAcceptor build() {
      return new PeerAcceptor(this);
    }
  }
}
