package org.peerwire.interop;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * The programs that must be there. One that is missing skips the test and is named; where interop
 * is required ({@code -Dpeerwire.interop.required=true}, as in CI) it fails the test.
 */
final class Programs {
  private static final boolean REQUIRED = Boolean.getBoolean("peerwire.interop.required");

  private Programs() {}

  static Path transmission() {
    return require("transmission-daemon", "apt-get install transmission-daemon");
  }

  static Path aria2() {
    return require("aria2c", "apt-get install aria2");
  }

  static Path qbittorrent() {
    return require("qbittorrent-nox", "apt-get install qbittorrent-nox");
  }

  static Path rtorrent() {
    return require("rtorrent", "apt-get install rtorrent");
  }

  static Path opentracker() {
    return require("opentracker", "apt-get install opentracker");
  }

  static Path node() {
    return require("node", "install Node.js");
  }

  static Path npm() {
    return require("npm", "install Node.js with npm");
  }

  /** A python that can import libtorrent: Debian's own, even if another one comes first. */
  static Path pythonWithLibtorrent() {
    return Lazy.PYTHON.orElseGet(
        () -> missing("python3-libtorrent", "apt-get install python3-libtorrent"));
  }

  private static Path require(String program, String remedy) {
    return find(program).orElseGet(() -> missing(program, remedy));
  }

  /** Skips or fails; the value is for the caller's convenience and never returned. */
  static Path missing(String what, String remedy) {
    String message = what + " is missing (" + remedy + ")";
    if (REQUIRED) {
      return fail(message + " and peerwire.interop.required is set");
    }
    System.out.println("    SKIPPED: " + message);
    return Assumptions.abort(message);
  }

  private static Optional<Path> find(String program) {
    String path = System.getenv("PATH");
    for (String folder : (path == null ? "/usr/bin:/bin" : path).split(File.pathSeparator, -1)) {
      Path candidate = Path.of(folder, program);
      if (Files.isExecutable(candidate)) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  private static final class Lazy {
    static final Optional<Path> PYTHON = findPython();

    private static Optional<Path> findPython() {
      for (String candidate : List.of("/usr/bin/python3", "python3")) {
        try {
          Process trial =
              new ProcessBuilder(candidate, "-c", "import libtorrent")
                  .redirectErrorStream(true)
                  .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                  .start();
          if (trial.waitFor(30, TimeUnit.SECONDS) && trial.exitValue() == 0) {
            return Optional.of(Path.of(candidate));
          }
          trial.destroyForcibly();
        } catch (IOException notThere) {
          // the next one, then
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return Optional.empty();
        }
      }
      return Optional.empty();
    }
  }
}
