package org.peerwire.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.peerwire.client.Client;
import org.peerwire.client.ClientOptions;
import org.peerwire.client.TorrentMaker;
import org.peerwire.client.Transfer;
import org.peerwire.client.TransferOptions;
import org.peerwire.client.TransferStatus;
import org.peerwire.mse.EncryptionPolicy;
import org.peerwire.swarm.metainfo.Metainfo;
import org.peerwire.swarm.metainfo.MetainfoException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code peerwire demo}. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    versionProvider = Version.Provider.class,
    header = "See it work: a seeder and a downloader in one process, over real TCP.",
    description = {
      "",
      "Makes random data in a temporary folder and a torrent of it, seeds it on 127.0.0.1,",
      "downloads it from there, compares the two, prints the figures, and cleans up.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  peerwire demo",
      "  peerwire demo --size 4G",
      "",
      "Exit codes: 0 it worked, 1 it did not, 4 a local error, such as a full disk."
    })
final class DemoCommand implements Callable<Integer> {
  private static final long SPARE = 16 << 20;
  private static final int CHUNK = 1 << 20;
  private static final Duration STALL = Duration.ofSeconds(60);

  private final Console console;

  @Option(
      names = "--size",
      paramLabel = "SIZE",
      defaultValue = "256M",
      description = "How much to move, in bytes or with K, M or G. Default: ${DEFAULT-VALUE}.",
      converter = ByteSize.class)
  private long size;

  @Option(names = "--json", description = "What happens as JSON on standard output, a line each.")
  private boolean json;

  @Option(
      names = {"-q", "--quiet"},
      description = "Say nothing unless it fails.")
  private boolean quiet;

  DemoCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Failure, IOException, InterruptedException {
    Path folder = Files.createTempDirectory("peerwire-demo-");
    try {
      return demo(folder);
    } finally {
      delete(folder);
    }
  }

  private int demo(Path folder) throws Failure, IOException, InterruptedException {
    long needed = Math.addExact(Math.multiplyExact(size, 2), SPARE);
    long usable = Files.getFileStore(folder).getUsableSpace();
    if (usable < needed) {
      throw new Failure(
          ExitCode.LOCAL,
          "the demo needs "
              + Text.size(needed)
              + " in "
              + folder.getParent()
              + ", and "
              + Text.size(usable)
              + " are free; use a smaller --size");
    }
    Path seedFolder = Files.createDirectory(folder.resolve("seed"));
    Path getFolder = Files.createDirectory(folder.resolve("get"));
    Path original = seedFolder.resolve("peerwire-demo.bin");
    if (!make(original)) {
      return ExitCode.INTERRUPTED;
    }
    Metainfo torrent = torrent(original);
    say("made " + Text.size(size) + " of random data, " + torrent.infoHash());

    InetSocketAddress local = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    // Its figures are of the protocol, and not of a cipher.
    ClientOptions.Builder plain = Options.client().encryption(EncryptionPolicy.OFF);
    try (Client getter = Client.open(plain.build());
        Client seeder = Client.open(plain.listenAddress(local).build())) {
      Transfer seed = seeder.seed(torrent, seedFolder, TransferOptions.DEFAULT);
      if (TransferRun.ofSeed(console, seed, false, quiet || json, false).toCompletion().isEmpty()) {
        return ExitCode.INTERRUPTED;
      }
      InetSocketAddress address = seeder.listenAddress().orElseThrow();
      say("seeding on " + Endpoint.text(address) + ", and getting it from there");
      Transfer get =
          getter.download(
              torrent, getFolder, TransferOptions.builder().stallTimeout(STALL).build());
      TransferRun run = new TransferRun(console, get, json, quiet);
      get.addPeer(address);
      Optional<TransferStatus> end = run.toCompletion();
      if (end.isEmpty()) {
        return ExitCode.INTERRUPTED;
      }
      double seconds = run.seconds();
      compare(original, getFolder.resolve(original.getFileName()));
      tell(run, torrent, end.get(), seconds);
      return ExitCode.DONE;
    }
  }

  /** Returns false if the user has had enough. */
  private boolean make(Path file) throws IOException {
    SplittableRandom random = new SplittableRandom();
    byte[] chunk = new byte[CHUNK];
    try (ProgressView view = ProgressView.of(console, quiet || json, "making", size);
        OutputStream out = Files.newOutputStream(file)) {
      long start = System.nanoTime();
      for (long done = 0; done < size; done += chunk.length) {
        if (console.interruption().isRequested()) {
          return false;
        }
        view.at(done, done * 1e9 / (System.nanoTime() - start), "");
        random.nextBytes(chunk);
        out.write(chunk, 0, (int) Math.min(chunk.length, size - done));
      }
      view.at(size, 0, "");
    }
    return true;
  }

  private Metainfo torrent(Path file) throws IOException {
    try (ProgressView view = ProgressView.of(console, quiet || json, "hashing", size)) {
      long start = System.nanoTime();
      byte[] torrent =
          new TorrentMaker(file)
              .make((done, total) -> view.at(done, done * 1e9 / (System.nanoTime() - start), ""));
      return Metainfo.parse(torrent);
    } catch (MetainfoException e) {
      throw new IllegalStateException("our own torrent is not valid", e);
    }
  }

  /** The client has verified every piece; this looks at the files as anyone would. */
  private static void compare(Path original, Path copy) throws Failure, IOException {
    String expected = sha256(original);
    String found = sha256(copy);
    if (!expected.equals(found)) {
      throw Failure.notDone("the copy differs from the original: SHA-256 " + found);
    }
  }

  private static String sha256(Path file) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
        byte[] chunk = new byte[CHUNK];
        while (in.read(chunk) >= 0) {
          Thread.onSpinWait();
        }
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private void tell(TransferRun run, Metainfo torrent, TransferStatus status, double seconds) {
    if (json) {
      console.result(run.summary("done", status).put("exit", ExitCode.DONE));
    } else if (!quiet) {
      console.result(
          String.format(
              Locale.ROOT,
              "done: %s in %s, %s, from %s; %s verified, and SHA-256 says the copy is the original",
              Text.size(status.bytesTotal()),
              Text.seconds(seconds),
              Text.speed(status.bytesTotal() / seconds),
              Text.count(run.ledger().givers(), "peer"),
              Text.count(torrent.pieceCount(), "piece")));
    }
  }

  private void say(String line) {
    if (!quiet && !json) {
      console.note(line);
    }
  }

  private static void delete(Path folder) throws IOException {
    List<Path> all;
    try (Stream<Path> tree = Files.walk(folder)) {
      all = tree.sorted(Comparator.reverseOrder()).toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    for (Path path : all) {
      Files.deleteIfExists(path);
    }
  }
}
