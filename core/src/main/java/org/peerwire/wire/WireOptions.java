package org.peerwire.wire;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.peerwire.Block;
import org.peerwire.Feature;
import org.peerwire.Profile;
import org.peerwire.frame.FrameLimits;

/** Every limit and timeout of a wire, in one immutable place. Safe to share. */
public final class WireOptions {
  /** The defaults. */
  public static final WireOptions DEFAULT = new Builder().build();

  private final Profile profile;
  private final FrameLimits frames;

  /** Those of the reader; made once, as there are many readers. */
  private final FrameLimits read;

  private final Set<Feature> features;
  private final boolean hashMessages;
  private final int maxRequests;
  private final int maxPeerRequests;
  private final int maxServedLength;
  private final int uploadWindow;
  private final int controlWindow;
  private final int maxWithdrawn;
  private final long withdrawnNanos;
  private final long handshakeNanos;
  private final long handshakeBytesNanos;
  private final long frameNanos;
  private final long idleNanos;
  private final long sendNanos;

  private WireOptions(Builder from) {
    profile = from.profile;
    frames = from.frames;
    read = from.hashMessages ? frames : frames.withoutHashes();
    features = Collections.unmodifiableSet(EnumSet.copyOf(from.features));
    hashMessages = from.hashMessages;
    maxRequests = from.maxRequests;
    maxPeerRequests = from.maxPeerRequests;
    maxServedLength = from.maxServedLength;
    uploadWindow = from.uploadWindow;
    controlWindow = from.controlWindow;
    maxWithdrawn = from.maxWithdrawn;
    withdrawnNanos = from.withdrawn.toNanos();
    handshakeNanos = from.handshake.toNanos();
    handshakeBytesNanos = from.handshakeBytes.toNanos();
    frameNanos = from.frame.toNanos();
    idleNanos = from.idle.toNanos();
    sendNanos = from.send.toNanos();
  }

  /** A builder that begins with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** How much is tolerated. */
  public Profile profile() {
    return profile;
  }

  /** The largest messages. */
  public FrameLimits frames() {
    return frames;
  }

  FrameLimits read() {
    return read;
  }

  /** What our handshake offers. */
  public Set<Feature> features() {
    return features;
  }

  /** Whether messages about v2 hashes are read. */
  public boolean hashMessages() {
    return hashMessages;
  }

  /** How many requests of ours may be pending. */
  public int maxRequests() {
    return maxRequests;
  }

  /** How many requests of the peer are held. */
  public int maxPeerRequests() {
    return maxPeerRequests;
  }

  /** The largest block that is served, in bytes. */
  public int maxServedLength() {
    return maxServedLength;
  }

  /** How many bytes of blocks may be asked of the application or wait to be sent. */
  public int uploadWindow() {
    return uploadWindow;
  }

  /** How many bytes of other messages may wait before the transport is asked to stop reading. */
  public int controlWindow() {
    return controlWindow;
  }

  int maxWithdrawn() {
    return maxWithdrawn;
  }

  long withdrawnNanos() {
    return withdrawnNanos;
  }

  long handshakeNanos() {
    return handshakeNanos;
  }

  long handshakeBytesNanos() {
    return handshakeBytesNanos;
  }

  long frameNanos() {
    return frameNanos;
  }

  long idleNanos() {
    return idleNanos;
  }

  long sendNanos() {
    return sendNanos;
  }

  /** Makes {@link WireOptions}. Each method names what it bounds, its range and its default. */
  public static final class Builder {
    private Profile profile = Profile.INTEROP;
    private FrameLimits frames = FrameLimits.DEFAULT;
    private EnumSet<Feature> features = EnumSet.of(Feature.FAST, Feature.EXTENSION_PROTOCOL);
    private boolean hashMessages;
    private int maxRequests = 500;
    private int maxPeerRequests = 250;
    private int maxServedLength = Block.LENGTH;
    private int uploadWindow = 256 << 10;
    private int controlWindow = 64 << 10;
    private int maxWithdrawn = 1024;
    private Duration withdrawn = Duration.ofMinutes(2);
    private Duration handshake = Duration.ofSeconds(10);
    private Duration handshakeBytes = Duration.ofSeconds(5);
    private Duration frame = Duration.ofMinutes(1);
    private Duration idle = Duration.ofSeconds(150);
    private Duration send = Duration.ofMinutes(1);

    private Builder() {}

    /** How much of what the specifications forbid is tolerated. Default {@link Profile#INTEROP}. */
    public Builder profile(Profile value) {
      profile = value;
      return this;
    }

    /** The largest messages. Default {@link FrameLimits#DEFAULT}. */
    public Builder frames(FrameLimits value) {
      frames = value;
      return this;
    }

    /** What our handshake offers. Default: the fast extension and the extension protocol. */
    public Builder features(Set<Feature> value) {
      features = EnumSet.noneOf(Feature.class);
      features.addAll(value);
      return this;
    }

    /**
     * Whether messages about v2 hashes are read (<a
     * href="https://www.bittorrent.org/beps/bep_0052.html">BEP 52</a>); if not, they are unknown
     * ones; if so, they close the wire unless the {@link org.peerwire.PieceLayout} has hashes.
     * Default false.
     */
    public Builder hashMessages(boolean value) {
      hashMessages = value;
      return this;
    }

    /**
     * How many requests of ours may be pending, from 1; each takes about 20 bytes. Default 500. A
     * peer that queues fewer drops or rejects what is beyond.
     */
    public Builder maxRequests(int value) {
      maxRequests = atLeast(1, value);
      return this;
    }

    /**
     * How many requests of the peer are held, from 1; each takes 12 bytes. Default 250, what a peer
     * may assume that was told nothing (<a href="https://www.bittorrent.org/beps/bep_0010.html">BEP
     * 10</a>). What is beyond is rejected.
     */
    public Builder maxPeerRequests(int value) {
      maxPeerRequests = atLeast(1, value);
      return this;
    }

    /** The largest block that is served, 1 to 131,072 bytes. Default 16 KiB. */
    public Builder maxServedLength(int value) {
      if (value > Uploads.LARGEST_REQUEST) {
        throw new IllegalArgumentException(value + " is above " + Uploads.LARGEST_REQUEST);
      }
      maxServedLength = atLeast(1, value);
      return this;
    }

    /**
     * How many bytes of blocks may be asked of the application or wait to be sent, from 1. Default
     * 256 KiB. It bounds the memory that a peer can make us hold by not reading.
     */
    public Builder uploadWindow(int bytes) {
      uploadWindow = atLeast(1, bytes);
      return this;
    }

    /**
     * How many bytes of other messages may wait before the transport is asked to stop reading, from
     * 1. Default 64 KiB.
     */
    public Builder controlWindow(int bytes) {
      controlWindow = atLeast(1, bytes);
      return this;
    }

    /**
     * For how many withdrawn requests, and how long, a late answer is taken for one and not for a
     * violation. Default 1,024 and 120 s; each takes 20 bytes.
     */
    public Builder withdrawnMemory(int requests, Duration value) {
      maxWithdrawn = atLeast(1, requests);
      withdrawn = positive(value);
      return this;
    }

    /**
     * How long the peer's handshake may take: in all, and from its first byte on. Default 10 s and
     * 5 s.
     *
     * @param whole counted from the first call of the transport
     */
    public Builder handshakeTimeout(Duration whole, Duration fromFirstByte) {
      handshake = positive(whole);
      handshakeBytes = positive(fromFirstByte);
      return this;
    }

    /**
     * How long a message may take from its first byte on; a large one gets a second for each KiB.
     * Default 60 s.
     */
    public Builder frameTimeout(Duration value) {
      frame = positive(value);
      return this;
    }

    /**
     * How long a peer may be silent. Default 150 s, as peers send a keep-alive every two minutes.
     */
    public Builder idleTimeout(Duration value) {
      idle = positive(value);
      return this;
    }

    /** How long bytes may wait while the peer takes none. Default 60 s. */
    public Builder sendTimeout(Duration value) {
      send = positive(value);
      return this;
    }

    /** The options as they are now. */
    public WireOptions build() {
      return new WireOptions(this);
    }

    private static int atLeast(int least, int value) {
      if (value < least) {
        throw new IllegalArgumentException(value + " is below " + least);
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
