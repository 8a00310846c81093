package org.peerwire.interop;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.File;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The tool as its users have it: {@code ./peerwire} in a process of its own. With {@code
 * -Dpeerwire.interop.classpath=...} the tool's main class runs on that class path instead ({@code
 * self} is the tests' own), without the launcher.
 */
final class PeerwireTool {
  /** The launcher builds what it needs on first use. */
  private static final Duration BUILD = Duration.ofMinutes(5);

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Pattern LISTENING = Pattern.compile("listening on (127\\.\\S+:\\d+)");
  private static final Path ROOT = Path.of(System.getProperty("peerwire.root", "..")).normalize();
  private static boolean ready;

  private final ChildProcess process;
  private final List<String> output;
  private final List<String> complaints;

  private PeerwireTool(ChildProcess process, List<String> output, List<String> complaints) {
    this.process = process;
    this.output = output;
    this.complaints = complaints;
  }

  /** How a run ended and what it said. */
  record Result(int exit, List<String> output, List<String> complaints, String tail) {
    /** Fails unless the exit code is this one. */
    Result expect(int code) {
      if (exit != code) {
        throw new AssertionError("peerwire ended with " + exit + ", not " + code + "\n" + tail);
      }
      return this;
    }

    Summary summary() {
      return Summary.in(this);
    }
  }

  /**
   * What {@code get --json} says at its end. The only place that knows the names of its fields:
   *
   * <pre>{"event":"done","length":BYTES,"resumed":BYTES,"downloaded":BYTES,
   *  "peers":[{"address":"HOST:PORT","downloaded":BYTES},...]}</pre>
   *
   * <p>{@code encryption}, of each peer, is what protected the connection. {@code resumed} is what
   * was found verified on disk at the start; {@code downloaded} is every byte of payload that
   * arrived, wanted or not; {@code peers} are all that were connected, including those that left.
   */
  record Summary(
      long length, long resumed, long downloaded, Map<String, Long> peers, Set<String> encryption) {
    private static Summary in(Result result) {
      JsonObject done = null;
      for (String line : result.output()) {
        JsonObject event = Json.parseLine(line).orElse(null);
        if (event != null
            && event.has("event")
            && event.get("event").getAsString().equals("done")) {
          done = event;
        }
      }
      if (done == null) {
        throw new AssertionError("no {\"event\":\"done\",...} on stdout\n" + result.tail());
      }
      Map<String, Long> peers = new LinkedHashMap<>();
      Set<String> encryption = new LinkedHashSet<>();
      for (JsonElement element : done.getAsJsonArray("peers")) {
        JsonObject peer = element.getAsJsonObject();
        if (peer.has("encryption")) {
          encryption.add(peer.get("encryption").getAsString());
        }
        peers.merge(
            peer.get("address").getAsString(), peer.get("downloaded").getAsLong(), Long::sum);
      }
      return new Summary(
          done.get("length").getAsLong(),
          done.get("resumed").getAsLong(),
          done.get("downloaded").getAsLong(),
          peers,
          encryption);
    }

    long from(InetSocketAddress peer) {
      return peers.getOrDefault(Loopback.text(peer), 0L);
    }
  }

  /** Runs it to its end. */
  static Result run(Scene scene, Duration within, List<String> arguments) throws Exception {
    return start(scene, arguments).await(within);
  }

  /** {@code get} from these peers, with JSON on stdout. */
  static PeerwireTool get(Scene scene, TestData data, Path folder, InetSocketAddress... peers)
      throws Exception {
    return get(scene, data.torrent().toString(), folder, peers);
  }

  /** {@code get} of a magnet link from these peers, with JSON on stdout. */
  static PeerwireTool getMagnet(Scene scene, String magnet, Path folder, InetSocketAddress... peers)
      throws Exception {
    return get(scene, magnet, folder, peers);
  }

  private static PeerwireTool get(Scene scene, String what, Path folder, InetSocketAddress... peers)
      throws Exception {
    List<String> arguments = new ArrayList<>(List.of("get", what));
    for (InetSocketAddress peer : peers) {
      arguments.addAll(List.of("--peer", Loopback.text(peer)));
    }
    arguments.addAll(List.of("--output", folder.toString(), "--timeout", "30", "--json"));
    return start(scene, arguments);
  }

  /** {@code seed} on a port of its choice, dialling these peers. */
  static PeerwireTool seed(Scene scene, TestData data, InetSocketAddress... peers)
      throws Exception {
    return seed(scene, data, List.of(), peers);
  }

  /** As {@link #seed(Scene, TestData, InetSocketAddress...)}, with more options. */
  static PeerwireTool seed(
      Scene scene, TestData data, List<String> options, InetSocketAddress... peers)
      throws Exception {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "seed",
                data.torrent().toString(),
                data.folder().toString(),
                "--listen",
                Loopback.HOST + ":0"));
    arguments.addAll(options);
    for (InetSocketAddress peer : peers) {
      arguments.addAll(List.of("--peer", Loopback.text(peer)));
    }
    return start(scene, arguments);
  }

  /** Where it says that it listens. */
  InetSocketAddress awaitListening() {
    return Await.value(
        "peerwire seed says where it listens",
        PATIENCE,
        () -> {
          InetSocketAddress address = listening();
          if (address == null) {
            process.requireAlive();
          }
          return address;
        });
  }

  Result await(Duration within) throws InterruptedException {
    int exit = process.awaitExit(within);
    return new Result(exit, List.copyOf(output), List.copyOf(complaints), process.tail());
  }

  /** SIGTERM, and what came of it. */
  Result stop() throws InterruptedException {
    process.terminate();
    return await(PATIENCE);
  }

  /** SIGKILL. */
  void killNow() throws InterruptedException {
    process.killNow();
  }

  /** The lines that it has printed so far. */
  List<String> output() {
    return List.copyOf(output);
  }

  ChildProcess process() {
    return process;
  }

  private @Nullable InetSocketAddress listening() {
    for (List<String> lines : List.of(output, complaints)) {
      for (String line : lines) {
        Matcher matcher = LISTENING.matcher(line);
        if (matcher.find()) {
          return Loopback.parse(matcher.group(1));
        }
      }
    }
    return null;
  }

  /** Lets the launcher build, once, so that no test pays for it with its own deadline. */
  static synchronized void prepare() throws Exception {
    if (!ready) {
      try (Scene scene = new Scene(Files.createTempDirectory("peerwire-interop-"))) {
        start(scene, List.of("--help")).await(BUILD).expect(0);
      }
      ready = true;
    }
  }

  static PeerwireTool start(Scene scene, List<String> arguments) throws Exception {
    List<String> command = command();
    command.addAll(arguments);
    List<String> output = new CopyOnWriteArrayList<>();
    List<String> complaints = new CopyOnWriteArrayList<>();
    ChildProcess process =
        scene.start(
            "peerwire " + arguments.get(0),
            ROOT.toAbsolutePath(),
            command,
            line -> output.add(line),
            line -> complaints.add(line));
    return new PeerwireTool(process, output, complaints);
  }

  private static List<String> command() {
    String classPath = System.getProperty("peerwire.interop.classpath", "");
    if (!classPath.isEmpty()) {
      String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
      return new ArrayList<>(
          List.of(
              java,
              "-cp",
              classPath.equals("self") ? ownClassPath() : classPath,
              System.getProperty("peerwire.interop.main", "org.peerwire.cli.Main")));
    }
    Path launcher = ROOT.resolve("peerwire").toAbsolutePath().normalize();
    if (!Files.isExecutable(launcher)) {
      Programs.missing(launcher.getFileName().toString(), "the launcher at the repository's root");
    }
    return new ArrayList<>(List.of(launcher.toString()));
  }

  /** Surefire and failsafe hide it behind a jar of their own and say so here. */
  private static String ownClassPath() {
    String hidden = System.getProperty("surefire.test.class.path", "");
    return hidden.isEmpty()
        ? System.getProperty("java.class.path", "." + File.pathSeparator)
        : hidden;
  }
}
