package org.peerwire.client;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.peerwire.swarm.metainfo.FileSelection;

/** What may be chosen for one transfer. Immutable; {@link #builder} makes it. */
public final class TransferOptions {
  /** All defaults. */
  public static final TransferOptions DEFAULT = builder().build();

  private final boolean seedAfter;
  private final boolean sequential;
  private final boolean overwrite;
  private final boolean trustResume;
  private final boolean anyPort;
  private final int maxPeers;
  private final Duration stallTimeout;
  private final PeerSources sources;
  private final @Nullable FileSelection files;

  private TransferOptions(Builder from) {
    seedAfter = from.seedAfter;
    sequential = from.sequential;
    overwrite = from.overwrite;
    trustResume = from.trustResume;
    anyPort = from.anyPort;
    maxPeers = from.maxPeers;
    stallTimeout = from.stallTimeout;
    sources = from.sources;
    files = from.files;
  }

  /** A builder that begins with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Whether a completed download goes on to serve. */
  public boolean seedAfter() {
    return seedAfter;
  }

  /** Whether pieces are fetched in order. */
  public boolean sequential() {
    return sequential;
  }

  /** Whether files that do not belong to the torrent are overwritten. */
  public boolean overwrite() {
    return overwrite;
  }

  /** Whether what an earlier run noted counts without being read again. */
  public boolean trustResume() {
    return trustResume;
  }

  /** Whether trackers may name peers at ports below 1024. */
  public boolean anyPort() {
    return anyPort;
  }

  /** How many peers may be connected. */
  public int maxPeers() {
    return maxPeers;
  }

  /** For how long nothing may be gained; zero: as long as it wants. */
  public Duration stallTimeout() {
    return stallTimeout;
  }

  /** Where peers come from. */
  public PeerSources sources() {
    return sources;
  }

  /** Which files are downloaded; empty: all. */
  public Optional<FileSelection> files() {
    return Optional.ofNullable(files);
  }

  /** A builder that begins with these options. */
  public Builder toBuilder() {
    Builder to = new Builder();
    to.seedAfter = seedAfter;
    to.sequential = sequential;
    to.overwrite = overwrite;
    to.trustResume = trustResume;
    to.anyPort = anyPort;
    to.maxPeers = maxPeers;
    to.stallTimeout = stallTimeout;
    to.sources = sources;
    to.files = files;
    return to;
  }

  /** Makes {@link TransferOptions}. Each method names its default. */
  public static final class Builder {
    private boolean seedAfter;
    private boolean sequential;
    private boolean overwrite;
    private boolean trustResume;
    private boolean anyPort;
    private int maxPeers = 100;
    private Duration stallTimeout = Duration.ZERO;
    private PeerSources sources = PeerSources.DEFAULT;
    private @Nullable FileSelection files;

    private Builder() {}

    /** Whether a completed download goes on to serve until it is stopped. Default false. */
    public Builder seedAfter(boolean value) {
      seedAfter = value;
      return this;
    }

    /** Whether pieces are fetched in order, rather than the rarest first. Default false. */
    public Builder sequential(boolean value) {
      sequential = value;
      return this;
    }

    /**
     * Whether files that are in the way and hold nothing of the torrent are overwritten, rather
     * than the download refused. Default false. What an earlier run left is always used.
     */
    public Builder overwrite(boolean value) {
      overwrite = value;
      return this;
    }

    /**
     * Whether pieces count that an earlier run noted as verified, where files look unchanged since,
     * without being read again. Default false. Then they are read while the rest is fetched, and
     * neither served nor counted before; so this is for those who would rather not read at all, and
     * trust the disk and everyone who may write there.
     */
    public Builder trustResume(boolean value) {
      trustResume = value;
      return this;
    }

    /**
     * Whether peers are dialled that trackers name at ports below 1024, where services of machines
     * are that are no peers. Default false. What peers tell of such ports is never believed, and
     * what {@link Transfer#addPeer} adds is always dialled.
     */
    public Builder anyPort(boolean value) {
      anyPort = value;
      return this;
    }

    /** How many peers may be connected, from 1. Default 100. */
    public Builder maxPeers(int value) {
      if (value < 1) {
        throw new IllegalArgumentException(value + " peers");
      }
      maxPeers = value;
      return this;
    }

    /**
     * A download fails as {@link TransferException.Reason#STALLED} when no block came for this
     * long. Default zero: it never gives up. Time in which the data on disk is checked does not
     * count.
     */
    public Builder stallTimeout(Duration value) {
      if (value.isNegative()) {
        throw new IllegalArgumentException(value + " is negative");
      }
      stallTimeout = value;
      return this;
    }

    /** Where peers come from. Default: the trackers that the torrent names. */
    public Builder sources(PeerSources value) {
      sources = value;
      return this;
    }

    /**
     * Which files are downloaded. Default: all. The download is complete when it has them; of
     * others only what lies in the same pieces is fetched and written. To seed, it means nothing.
     */
    public Builder files(FileSelection value) {
      files = value;
      return this;
    }

    /** The options as they are now. */
    public TransferOptions build() {
      return new TransferOptions(this);
    }
  }
}
