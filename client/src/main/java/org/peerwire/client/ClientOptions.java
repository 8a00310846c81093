package org.peerwire.client;

import java.net.InetSocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.peerwire.client.local.LocalGroup;
import org.peerwire.extension.metadata.MetadataFetch;
import org.peerwire.mse.EncryptionPolicy;

/** What may be chosen for a {@link Client}. Immutable; {@link #builder} makes it. */
public final class ClientOptions {
  /** The largest {@link #maxMetadata}, in bytes: with it a .torrent file can still be read. */
  public static final int LARGEST_METADATA = 9 << 20;

  /** All defaults: no listener. */
  public static final ClientOptions DEFAULT = builder().build();

  private final @Nullable InetSocketAddress listenAddress;
  private final String name;
  private final String peerIdPrefix;
  private final int maxPeers;
  private final int diskThreads;
  private final EncryptionPolicy encryption;
  private final long maxDownload;
  private final long maxUpload;
  private final int maxMetadata;
  private final LocalGroup localGroup;

  private ClientOptions(Builder from) {
    listenAddress = from.listenAddress;
    name = from.name;
    peerIdPrefix = from.peerIdPrefix;
    maxPeers = from.maxPeers;
    diskThreads = from.diskThreads;
    encryption = from.encryption;
    maxDownload = from.maxDownload;
    maxUpload = from.maxUpload;
    maxMetadata = from.maxMetadata;
    localGroup = from.localGroup;
  }

  /** A builder that begins with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Where peers may connect to, or empty: nowhere. */
  public Optional<InetSocketAddress> listenAddress() {
    return Optional.ofNullable(listenAddress);
  }

  /** Name and version that peers are told. */
  public String name() {
    return name;
  }

  /** What the peer id begins with. */
  public String peerIdPrefix() {
    return peerIdPrefix;
  }

  /** How many peers all transfers together may have. */
  public int maxPeers() {
    return maxPeers;
  }

  /** How many threads hash, read and write. */
  public int diskThreads() {
    return diskThreads;
  }

  /** Whether connections are encrypted. */
  public EncryptionPolicy encryption() {
    return encryption;
  }

  /** How many bytes of blocks a second may come, all transfers together; 0: as many as can. */
  public long maxDownload() {
    return maxDownload;
  }

  /** How many bytes of blocks a second may go, all transfers together; 0: as many as can. */
  public long maxUpload() {
    return maxUpload;
  }

  /** How many bytes the metadata of a magnet link may have. */
  public int maxMetadata() {
    return maxMetadata;
  }

  /** Where the peers of the local network find each other. */
  LocalGroup localGroup() {
    return localGroup;
  }

  /** Makes {@link ClientOptions}. Each method names its range and its default. */
  public static final class Builder {
    private @Nullable InetSocketAddress listenAddress;
    private String name = "peerwire";
    private String peerIdPrefix = "-PW0100-";
    private int maxPeers = 500;
    private int diskThreads = Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors()));
    private EncryptionPolicy encryption = EncryptionPolicy.PREFER;
    private long maxDownload;
    private long maxUpload;
    private int maxMetadata = MetadataFetch.DEFAULT_MAX_SIZE;
    private LocalGroup localGroup = LocalGroup.STANDARD;

    private Builder() {}

    /** Where peers may connect to; port 0 for any that is free. Default: nowhere. */
    public Builder listenAddress(InetSocketAddress value) {
      listenAddress = value;
      return this;
    }

    /** Name and version that peers are told. Default {@code peerwire}. */
    public Builder name(String value) {
      name = value;
      return this;
    }

    /**
     * What the peer id begins with, at most 12 ASCII characters; the rest is random. Default {@code
     * -PW0100-}.
     */
    public Builder peerIdPrefix(String value) {
      if (value.length() > 12 || !value.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
        throw new IllegalArgumentException("not what a peer id begins with: " + value);
      }
      peerIdPrefix = value;
      return this;
    }

    /** How many peers all transfers together may have, from 1. Default 500. */
    public Builder maxPeers(int value) {
      maxPeers = atLeastOne(value);
      return this;
    }

    /** How many threads hash, read and write, from 1. Default: one a core, at most 4. */
    public Builder diskThreads(int value) {
      diskThreads = atLeastOne(value);
      return this;
    }

    /**
     * Whether connections are encrypted. Default {@link EncryptionPolicy#PREFER}: peers that are
     * dialled are asked for encryption, and dialled once more in plaintext if that fails before it
     * is agreed on; of those that dial us, both are welcome. {@link EncryptionPolicy#REQUIRE} has
     * no plaintext in either direction.
     */
    public Builder encryption(EncryptionPolicy value) {
      encryption = value;
      return this;
    }

    /**
     * How many bytes of blocks a second may come, all transfers together, from 1; 0, the default,
     * for as many as can.
     */
    public Builder maxDownload(long bytesPerSecond) {
      maxDownload = notNegative(bytesPerSecond);
      return this;
    }

    /**
     * How many bytes of blocks a second may go, all transfers together, from 1; 0, the default, for
     * as many as can. Peers that wait are served in turns.
     */
    public Builder maxUpload(long bytesPerSecond) {
      maxUpload = notNegative(bytesPerSecond);
      return this;
    }

    /**
     * How many bytes the metadata of a magnet link may have, 1 to {@link #LARGEST_METADATA}.
     * Default 4 MiB. Memory is taken as they come, whatever a peer says that there will be.
     */
    public Builder maxMetadata(int bytes) {
      if (bytes < 1 || bytes > LARGEST_METADATA) {
        throw new IllegalArgumentException("metadata of up to " + bytes + " bytes");
      }
      maxMetadata = bytes;
      return this;
    }

    /** Where the peers of the local network find each other. Default: where all do. */
    Builder localGroup(LocalGroup value) {
      localGroup = value;
      return this;
    }

    /** The options as they are now. */
    public ClientOptions build() {
      return new ClientOptions(this);
    }

    private static long notNegative(long value) {
      if (value < 0) {
        throw new IllegalArgumentException(value + " bytes a second");
      }
      return value;
    }

    private static int atLeastOne(int value) {
      if (value < 1) {
        throw new IllegalArgumentException(value + " is below 1");
      }
      return value;
    }
  }
}
