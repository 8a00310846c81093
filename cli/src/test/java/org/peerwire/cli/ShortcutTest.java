package org.peerwire.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A command line that is understood without picocli means what it would mean to picocli. */
class ShortcutTest {
  @TempDir Path folder;

  @Test
  void showSaysTheSameEitherWay() throws IOException {
    Path torrent =
        TestTorrents.write(folder.resolve("a.torrent"), "a", TestTorrents.content(folder, "b", 5));
    String[] arguments = {
      torrent.toString(),
      Files.writeString(folder.resolve("page.html"), "<html>").toString(),
      Files.createFile(folder.resolve("empty")).toString(),
      folder.toString(),
      folder.resolve("nowhere").toString(),
      "magnet:?xt=urn:btih:0123456789abcdef0123456789abcdef01234567&dn=x",
      "magnet:?dn=x",
      "http://127.0.0.1/x.torrent",
      "@" + torrent,
      "\u001b[2J",
    };
    for (String argument : arguments) {
      // "--" is nothing that the shortcut takes.
      assertThat(shortcut("show", argument))
          .isEqualTo(Ran.tool("show", "--", argument))
          .isEqualTo(Ran.tool("show", argument));
      assertThat(shortcut("show", argument, "--json"))
          .isEqualTo(Ran.tool("show", "--json", "--", argument))
          .isEqualTo(Ran.tool("show", argument, "--json"));
    }
  }

  @Test
  void theVersionIsTheSameEitherWay() {
    for (String option : new String[] {"--version", "-V"}) {
      assertThat(shortcut(option)).isEqualTo(Ran.tool("show", option));
    }
  }

  @Test
  void aClosedOutputIsNoMistakeOfOurs() {
    PrintStream closed =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8) {
          @Override
          public boolean checkError() {
            return true;
          }
        };
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code = Main.run(new String[] {"--version"}, closed, Ran.stream(err));
    assertThat(code).isEqualTo(ExitCode.BROKEN_PIPE);
    assertThat(err.size()).isZero();
  }

  @Test
  void whateverElseIsForPicocli() {
    String[][] others = {
      {},
      {""},
      {"show"},
      {"show", ""},
      {"show", "-"},
      {"show", "--help"},
      {"show", "a", "b"},
      {"show", "--json", "a"},
      {"show", "a", "--json", "b"},
      {"Show", "a"},
      {"--version", "show"},
      {"get", "a"},
    };
    for (String[] other : others) {
      assertThat(run(new ByteArrayOutputStream(), new ByteArrayOutputStream(), Map.of(), other))
          .as(String.join(" ", other))
          .isNull();
    }
    Map<String, String> variables = Map.of("PEERWIRE_SHOW_JSON", "true");
    assertThat(
            run(new ByteArrayOutputStream(), new ByteArrayOutputStream(), variables, "show", "a"))
        .isNull();
  }

  private static Ran shortcut(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Integer code = run(out, err, Map.of("HOME", "/"), arguments);
    assertThat(code).as(String.join(" ", arguments)).isNotNull();
    return new Ran(
        code == null ? -1 : code,
        out.toString(StandardCharsets.UTF_8),
        err.toString(StandardCharsets.UTF_8));
  }

  private static @Nullable Integer run(
      ByteArrayOutputStream out,
      ByteArrayOutputStream err,
      Map<String, String> variables,
      String... arguments) {
    Console console =
        new Console(Ran.stream(out), Ran.stream(err), Terminal.NONE, false, new Interruption());
    return Shortcut.execute(arguments, console, variables);
  }
}
