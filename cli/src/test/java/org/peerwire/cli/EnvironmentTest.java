package org.peerwire.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Options from the environment. */
class EnvironmentTest {
  @TempDir Path folder;

  @Test
  void anOptionTakesItsValueFromTheEnvironment() throws IOException {
    String torrent = torrent();
    Ran ran = Ran.tool(Map.of("PEERWIRE_JSON", "true"), "show", torrent).expect(ExitCode.DONE);
    assertThat(ran.last().get("event").getAsString()).isEqualTo("torrent");
  }

  @Test
  void theCommandsOwnVariableGoesFirstAndTheCommandLineBeforeBoth() throws IOException {
    String torrent = torrent();
    Map<String, String> variables = Map.of("PEERWIRE_TIMEOUT", "-1", "PEERWIRE_GET_TIMEOUT", "-2");
    String[] get = {"get", torrent, "--peer", "127.0.0.1:1"};
    Ran.tool(variables, get).expectComplaint(ExitCode.USAGE, "--timeout is -2");
    Ran.tool(Map.of("PEERWIRE_TIMEOUT", "-1"), get)
        .expectComplaint(ExitCode.USAGE, "--timeout is -1");
    Ran.tool(variables, "get", torrent, "--peer", "127.0.0.1:1", "--timeout", "-3")
        .expectComplaint(ExitCode.USAGE, "--timeout is -3");
  }

  @Test
  void aWrongValueIsSaidToBeTheEnvironments() throws IOException {
    String torrent = torrent();
    Map<String, String> variables = Map.of("PEERWIRE_ENCRYPTION", "rot13");
    Ran.tool(variables, "seed", torrent, ".")
        .expectComplaint(ExitCode.USAGE, "'rot13'", "PEERWIRE_ENCRYPTION in the environment");
    Ran given = Ran.tool(variables, "seed", torrent, ".", "--encryption", "rc4");
    given.expectComplaint(ExitCode.USAGE, "'rc4'");
    assertThat(given.err()).doesNotContain("PEERWIRE_ENCRYPTION");
  }

  @Test
  void emptyIsNotSetAndHelpIsNoVariable() throws IOException {
    String torrent = torrent();
    Map<String, String> variables =
        Map.of("PEERWIRE_JSON", "", "PEERWIRE_HELP", "true", "PEERWIRE_VERSION", "true");
    Ran ran = Ran.tool(variables, "show", torrent).expect(ExitCode.DONE);
    assertThat(ran.out()).contains("a").doesNotContain("Usage:", "{\"event\"");
  }

  private String torrent() throws IOException {
    return TestTorrents.write(
            folder.resolve("a.torrent"), "a", TestTorrents.content(folder, "b", 5))
        .toString();
  }
}
