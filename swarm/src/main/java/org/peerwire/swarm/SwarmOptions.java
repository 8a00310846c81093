package org.peerwire.swarm;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.peerwire.Pieces;
import org.peerwire.wire.WireOptions;

/** Every limit and habit of a swarm, in one immutable place. Safe to share. */
public final class SwarmOptions {
  /** The defaults. */
  public static final SwarmOptions DEFAULT = new Builder().build();

  private final WireOptions wire;
  private final boolean sequential;
  private final int maxPeers;
  private final int maxDialling;
  private final int maxCandidates;
  private final int uploadSlots;
  private final int firstPipeline;
  private final int maxPipeline;
  private final long maxUnverified;
  private final long requestTimeoutNanos;
  private final long banNanos;
  private final boolean closeSeeds;
  private final @Nullable Pieces wanted;
  private final @Nullable String client;
  private final int listenPort;
  private final boolean prefersEncryption;
  private final boolean anyPort;
  private final boolean isPrivate;
  private final boolean peerExchange;

  private SwarmOptions(Builder from) {
    wire = from.wire;
    sequential = from.sequential;
    maxPeers = from.maxPeers;
    maxDialling = from.maxDialling;
    maxCandidates = from.maxCandidates;
    uploadSlots = from.uploadSlots;
    firstPipeline = from.firstPipeline;
    maxPipeline = Math.min(from.maxPipeline, from.wire.maxRequests());
    maxUnverified = from.maxUnverified;
    requestTimeoutNanos = from.requestTimeout.toNanos();
    banNanos = from.ban.toNanos();
    closeSeeds = from.closeSeeds;
    wanted = from.wanted;
    client = from.client;
    listenPort = from.listenPort;
    prefersEncryption = from.prefersEncryption;
    anyPort = from.anyPort;
    isPrivate = from.isPrivate;
    peerExchange = from.peerExchange && !from.isPrivate;
  }

  /** A builder that begins with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** The options of each wire. */
  public WireOptions wire() {
    return wire;
  }

  /** Whether pieces are fetched in order. */
  public boolean sequential() {
    return sequential;
  }

  /** How many peers may be connected. */
  public int maxPeers() {
    return maxPeers;
  }

  /** How many connections may be dialled at once. */
  public int maxDialling() {
    return maxDialling;
  }

  /** How many addresses are remembered. */
  public int maxCandidates() {
    return maxCandidates;
  }

  /** How many interested peers are served at once. */
  public int uploadSlots() {
    return uploadSlots;
  }

  /** How many requests a peer gets at first. */
  public int firstPipeline() {
    return firstPipeline;
  }

  /** How many requests a peer gets at the most. */
  public int maxPipeline() {
    return maxPipeline;
  }

  /** How many bytes the pieces may have that were begun and are not verified. */
  public long maxUnverified() {
    return maxUnverified;
  }

  long requestTimeoutNanos() {
    return requestTimeoutNanos;
  }

  long banNanos() {
    return banNanos;
  }

  boolean closeSeeds() {
    return closeSeeds;
  }

  /** The pieces that are fetched; null: all. */
  @Nullable Pieces wanted() {
    return wanted;
  }

  @Nullable String client() {
    return client;
  }

  int listenPort() {
    return listenPort;
  }

  boolean prefersEncryption() {
    return prefersEncryption;
  }

  boolean anyPort() {
    return anyPort;
  }

  boolean isPrivate() {
    return isPrivate;
  }

  boolean peerExchange() {
    return peerExchange;
  }

  /** Makes {@link SwarmOptions}. Each method names what it bounds, its range and its default. */
  public static final class Builder {
    private WireOptions wire = WireOptions.DEFAULT;
    private boolean sequential;
    private int maxPeers = 80;
    private int maxDialling = 16;
    private int maxCandidates = 3_000;
    private int uploadSlots = 8;
    private int firstPipeline = 16;
    private int maxPipeline = 250;
    private long maxUnverified = 64L << 20;
    private Duration requestTimeout = Duration.ofSeconds(30);
    private Duration ban = Duration.ofHours(1);
    private boolean closeSeeds = true;
    private @Nullable Pieces wanted;
    private @Nullable String client;
    private int listenPort;
    private boolean prefersEncryption;
    private boolean anyPort;
    private boolean isPrivate;
    private boolean peerExchange = true;

    private Builder() {}

    /** The options of each wire. Default {@link WireOptions#DEFAULT}. */
    public Builder wire(WireOptions value) {
      wire = value;
      return this;
    }

    /** Whether pieces are fetched in order, not the rarest first. Default false. */
    public Builder sequential(boolean value) {
      sequential = value;
      return this;
    }

    /** How many peers may be connected, from 1. Default 80. */
    public Builder maxPeers(int value) {
      maxPeers = atLeastOne(value);
      return this;
    }

    /** How many connections may be dialled at once, from 1. Default 16. */
    public Builder maxDialling(int value) {
      maxDialling = atLeastOne(value);
      return this;
    }

    /** How many addresses are remembered, from 1. Default 3,000. */
    public Builder maxCandidates(int value) {
      maxCandidates = atLeastOne(value);
      return this;
    }

    /**
     * How many interested peers are served at once, from 1; a quarter of them, at least one, in
     * turns. Default 8.
     */
    public Builder uploadSlots(int value) {
      uploadSlots = atLeastOne(value);
      return this;
    }

    /**
     * How many requests a peer gets, from 1: at first, and at the most. In between it follows the
     * peer's speed. Default 16 and 250, what a peer may be expected to queue.
     */
    public Builder pipeline(int first, int max) {
      maxPipeline = atLeastOne(max);
      firstPipeline = Math.min(atLeastOne(first), max);
      return this;
    }

    /**
     * How many bytes the pieces may have that were begun and are not verified, from 1; one piece
     * may always be. It bounds what waits for the disk. Default 64 MiB.
     */
    public Builder maxUnverified(long bytes) {
      if (bytes < 1) {
        throw new IllegalArgumentException(bytes + " is below 1");
      }
      maxUnverified = bytes;
      return this;
    }

    /**
     * How long the oldest request to a peer may take at first; from a third of it to twice as long
     * once the peer's pace is known. Default 30 s.
     */
    public Builder requestTimeout(Duration value) {
      requestTimeout = positive(value);
      return this;
    }

    /** How long a peer stays banned. Default one hour. */
    public Builder ban(Duration value) {
      ban = positive(value);
      return this;
    }

    /** Whether a connection is closed when both sides have everything. Default true. */
    public Builder closeSeeds(boolean value) {
      closeSeeds = value;
      return this;
    }

    /**
     * Which pieces are fetched, of as many as the torrent has; the swarm is complete when it has
     * them. What it has beside them is served too. Default: all.
     *
     * @param value not to be changed any more
     */
    public Builder wanted(Pieces value) {
      wanted = value;
      return this;
    }

    /**
     * Name and version of the client, which the extension handshake tells peers. Default: nothing
     * is told.
     */
    public Builder client(String value) {
      client = value;
      return this;
    }

    /**
     * The TCP port on which we listen, 1 to 65535, which peers are told and tell on; 0 for none.
     * Default 0.
     */
    public Builder listenPort(int value) {
      if (value < 0 || value > 0xffff) {
        throw new IllegalArgumentException("port " + value);
      }
      listenPort = value;
      return this;
    }

    /** Whether peers are told that we like encrypted connections better. Default false. */
    public Builder prefersEncryption(boolean value) {
      prefersEncryption = value;
      return this;
    }

    /**
     * Whether strangers other than peers may name ports below 1024, where services are that are no
     * peers. Default false.
     */
    public Builder anyPort(boolean value) {
      anyPort = value;
      return this;
    }

    /**
     * Whether peers and we tell each other of more (<a
     * href="https://www.bittorrent.org/beps/bep_0011.html">BEP 11</a>); never if the torrent is
     * private. Default true.
     */
    public Builder peerExchange(boolean value) {
      peerExchange = value;
      return this;
    }

    /**
     * Whether peers come from trackers and the user alone (<a
     * href="https://www.bittorrent.org/beps/bep_0027.html">BEP 27</a>). Default false.
     */
    public Builder isPrivate(boolean value) {
      isPrivate = value;
      return this;
    }

    /** The options as they are now. */
    public SwarmOptions build() {
      return new SwarmOptions(this);
    }

    private static int atLeastOne(int value) {
      if (value < 1) {
        throw new IllegalArgumentException(value + " is below 1");
      }
      return value;
    }

    private static Duration positive(Duration value) {
      if (value.isNegative() || value.isZero()) {
        throw new IllegalArgumentException(value + " is not positive");
      }
      return value;
    }
  }
}
