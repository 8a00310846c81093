package org.peerwire.interop;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * A client that others wrote, with one torrent in it. When a factory of this class returns, the
 * client itself says that it is seeding or downloading and its port accepts connections.
 */
abstract class RealClient implements Scene.Belonging {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** What the client reports of itself. */
  record Status(boolean seeding, long total, long have, long uploaded, String text) {}

  /** The clients we know how to drive. */
  enum Kind {
    LIBTORRENT {
      @Override
      void require() {
        Programs.pythonWithLibtorrent();
      }

      @Override
      RealClient start(Scene scene, Job job) throws Exception {
        return new LibtorrentPeer(scene, job);
      }
    },
    TRANSMISSION {
      @Override
      void require() {
        Programs.transmission();
      }

      @Override
      boolean dialsLoopback() {
        return false;
      }

      @Override
      boolean createsEmptyFiles() {
        return false;
      }

      @Override
      RealClient start(Scene scene, Job job) throws Exception {
        return new TransmissionPeer(scene, job);
      }
    },
    ARIA2 {
      @Override
      void require() {
        Programs.aria2();
      }

      @Override
      RealClient start(Scene scene, Job job) throws Exception {
        return new Aria2Peer(scene, job);
      }
    },
    QBITTORRENT {
      @Override
      void require() {
        Programs.qbittorrent();
      }

      @Override
      RealClient start(Scene scene, Job job) throws Exception {
        return new QbittorrentPeer(scene, job);
      }
    },
    RTORRENT {
      @Override
      void require() {
        Programs.rtorrent();
      }

      @Override
      RealClient start(Scene scene, Job job) throws Exception {
        return new RtorrentPeer(scene, job);
      }
    };

    /** Skips the test (or fails it, see {@link Programs}) if the client is not installed. */
    abstract void require();

    /** Whether it connects to a peer in 127.0.0.0/8 that it was told of. */
    boolean dialsLoopback() {
      return true;
    }

    boolean createsEmptyFiles() {
      return true;
    }

    abstract RealClient start(Scene scene, Job job) throws Exception;

    /** Seeds what lies in {@code folder}. */
    RealClient seed(Scene scene, Path torrent, Path folder) throws Exception {
      return seed(scene, torrent, folder, 0);
    }

    /** Seeds what lies in {@code folder}, no faster than so many bytes per second. */
    RealClient seed(Scene scene, Path torrent, Path folder, int bytesPerSecond) throws Exception {
      return run(scene, new Job(true, torrent, folder, bytesPerSecond, Optional.empty()));
    }

    /** Downloads into {@code folder} from whoever connects. */
    RealClient download(Scene scene, Path torrent, Path folder) throws Exception {
      return run(scene, new Job(false, torrent, folder, 0, Optional.empty()));
    }

    /** Downloads into {@code folder} from this peer. */
    RealClient download(Scene scene, Path torrent, Path folder, InetSocketAddress peer)
        throws Exception {
      if (!dialsLoopback()) {
        throw new IllegalArgumentException(this + " does not dial loopback addresses");
      }
      return run(scene, new Job(false, torrent, folder, 0, Optional.of(peer)));
    }

    /** Does what the job says. */
    RealClient run(Scene scene, Job job) throws Exception {
      require();
      RealClient client = scene.own(start(scene, job));
      client.awaitReady(job);
      return client;
    }
  }

  /** What a client does about encryption. */
  enum Encryption {
    /** As it is used to, plaintext included. */
    USUAL,
    /** Nothing but RC4. */
    RC4,
    /** An encrypted handshake, and plaintext after it. */
    PLAINTEXT,
    /** Neither asked for nor understood. */
    NONE
  }

  /** What a client is for; an upload limit of 0 is none. */
  record Job(
      boolean seeds,
      Path torrent,
      Path folder,
      int uploadLimit,
      Optional<InetSocketAddress> peer,
      Encryption encryption) {
    Job(
        boolean seeds,
        Path torrent,
        Path folder,
        int uploadLimit,
        Optional<InetSocketAddress> peer) {
      this(seeds, torrent, folder, uploadLimit, peer, Encryption.USUAL);
    }
  }

  /** Where it listens. */
  abstract InetSocketAddress address();

  abstract Status status() throws Exception;

  abstract ChildProcess process();

  /** Tells it of a peer; those that take one only when they start say so by their exception. */
  abstract void connect(InetSocketAddress peer) throws Exception;

  /** Fails if it found fault with what its peers sent; not every client says so. */
  void assertNoComplaints() {}

  /** Waits until it says that it has everything. */
  void awaitComplete(Duration within) {
    String what = process().name() + " has it all";
    Status[] last = new Status[1];
    try {
      Await.until(
          what,
          within,
          () -> {
            process().requireAlive();
            last[0] = status();
            return last[0].seeding();
          });
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "; it last said: " + last[0], e);
    }
  }

  /** Ends it, and with that makes sure that all it has is on disk. */
  @Override
  public void close() {
    process().close();
  }

  void awaitReady(Job job) {
    Await.until(
        process().name() + " listens on " + address(),
        PATIENCE,
        () -> {
          process().requireAlive();
          return Loopback.isListening(address().getPort());
        });
    if (job.seeds()) {
      awaitComplete(PATIENCE);
    } else {
      Await.until(
          process().name() + " has the torrent",
          PATIENCE,
          () -> {
            process().requireAlive();
            return status().total() > 0;
          });
    }
  }
}
