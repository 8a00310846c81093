package org.peerwire.interop;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node module at the other end of a socket. It does what it is told, verb by verb, and reports
 * each event; the program in {@code node/} lists both.
 */
final class NodePeer implements Scene.Belonging {
  /** Which module, and the program around it. */
  enum Script {
    /** The original, {@code peer-wire-protocol}. */
    ORIGINAL("original.js"),
    /** {@code bittorrent-protocol}, {@code ut_metadata} and {@code ut_pex}. */
    WEBTORRENT("webtorrent.mjs");

    private final String program;

    Script(String program) {
      this.program = program;
    }
  }

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Path FOLDER = Path.of(System.getProperty("peerwire.interop.node", "node"));
  private static final List<String> PACKAGES =
      List.of("peer-wire-protocol", "bittorrent-protocol", "ut_metadata", "ut_pex");

  private final ChildProcess process;
  private final List<JsonObject> unseen = new ArrayList<>();
  private int done;
  private @Nullable String refusal;

  private NodePeer(
      Scene scene, Script script, String mode, InetSocketAddress address, String... more)
      throws Exception {
    install();
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of(Programs.node().toString(), script.program, mode, Loopback.text(address)));
    command.addAll(List.of(more));
    process =
        scene.start(
            script.program + " " + mode,
            FOLDER.toAbsolutePath(),
            command,
            this::onLine,
            line -> true);
  }

  /** Connected to this address when it returns. */
  static NodePeer connect(Scene scene, Script script, InetSocketAddress address, String... more)
      throws Exception {
    NodePeer peer = scene.own(new NodePeer(scene, script, "connect", address, more));
    peer.await("connected");
    return peer;
  }

  /** Listens for one connection; {@link #awaitPort} says where. */
  static NodePeer listen(Scene scene, Script script, String... more) throws Exception {
    return scene.own(new NodePeer(scene, script, "listen", Loopback.address(0), more));
  }

  InetSocketAddress awaitPort() {
    return Loopback.address(await("listening").get("port").getAsInt());
  }

  /** Calls a verb, given the names and values of its fields, and returns when it has returned. */
  void call(String verb, Object... namesAndValues) throws IOException {
    int before;
    synchronized (unseen) {
      before = done;
      refusal = null;
    }
    JsonObject command = Json.object(namesAndValues);
    command.addProperty("do", verb);
    process.input().write((command + "\n").getBytes(StandardCharsets.UTF_8));
    process.input().flush();
    Await.until(
        "node did " + command,
        PATIENCE,
        () -> {
          process.requireAlive();
          synchronized (unseen) {
            return done > before;
          }
        });
    synchronized (unseen) {
      if (refusal != null) {
        throw new IOException("node refused " + command + ": " + refusal);
      }
    }
  }

  /**
   * The first event of this name that was not taken yet. Those before it stay and can be taken
   * later.
   */
  JsonObject await(String event) {
    return Await.value(
        "node reports " + event,
        PATIENCE,
        () -> {
          JsonObject found = take(event);
          if (found == null) {
            process.requireAlive();
          }
          return found;
        });
  }

  /** What it says of its state now. */
  JsonObject state() throws IOException {
    call("state");
    return await("state");
  }

  /** The names of the events that were not taken, in their order. */
  List<String> unseen() {
    synchronized (unseen) {
      return unseen.stream().map(event -> event.get("event").getAsString()).toList();
    }
  }

  @Override
  public void close() {
    process.close();
  }

  /** The SHA-1 by which it tells of a block. */
  static String sha1(byte[] block) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(block));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private @Nullable JsonObject take(String name) {
    synchronized (unseen) {
      for (Iterator<JsonObject> events = unseen.iterator(); events.hasNext(); ) {
        JsonObject event = events.next();
        if (event.get("event").getAsString().equals(name)) {
          events.remove();
          return event;
        }
      }
      return null;
    }
  }

  private boolean onLine(String line) {
    JsonObject event = Json.parse(line);
    synchronized (unseen) {
      switch (event.get("event").getAsString()) {
        case "did" -> done++;
        case "failed" -> {
          refusal = event.get("error").getAsString();
          done++;
        }
        default -> unseen.add(event);
      }
    }
    return true;
  }

  /**
   * Fetches the modules if they are not there. There is no lock file, because it would carry the
   * addresses of whatever registry made it; package.json pins each version instead.
   */
  private static synchronized void install() throws Exception {
    Programs.node();
    Path modules = FOLDER.resolve("node_modules");
    if (PACKAGES.stream()
        .allMatch(name -> Files.exists(modules.resolve(name).resolve("package.json")))) {
      return;
    }
    String npm = Programs.npm().toString();
    try (Scene scene = new Scene(Files.createTempDirectory("peerwire-interop-"))) {
      ChildProcess installing =
          scene.start(
              "npm install",
              FOLDER.toAbsolutePath(),
              List.of(npm, "install", "--no-package-lock", "--no-audit", "--no-fund"),
              line -> true,
              line -> true);
      if (installing.awaitExit(Duration.ofMinutes(2)) != 0) {
        System.out.println(installing.tail());
        Programs.missing("a module of node", "npm install in interop/node failed");
      }
    }
  }
}
