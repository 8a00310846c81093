package org.peerwire.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the tool prints of itself for other programs: manual pages and the shell's completion. */
class ManualTest {
  private static final List<String> COMMANDS =
      List.of("demo", "get", "seed", "probe", "metadata", "show", "verify", "completion", "man");

  @TempDir Path folder;

  @Test
  void everyCommandHasAPageWithAllItsOptions() {
    for (String command : COMMANDS) {
      String page = Ran.tool("man", command).expect(ExitCode.DONE).out();
      assertThat(page).contains(".SH NAME", "peerwire\\-" + command, ".SH EXAMPLES");
      String help = Ran.tool(command, "--help").expect(ExitCode.DONE).out();
      help.lines()
          .map(String::strip)
          .filter(line -> line.startsWith("--"))
          .map(line -> line.replaceFirst("[=, ].*", "").replace("-", "\\-"))
          .forEach(option -> assertThat(page).contains("\\fB" + option + "\\fP"));
    }
    assertThat(Ran.tool("man").out()).contains(".SH COMMANDS", "\\fBget\\fP");
    Ran.tool("man", "bogus").expectComplaint(ExitCode.USAGE, "no command 'bogus'", "verify");
  }

  @Test
  void groffHasNothingToComplainAbout() throws Exception {
    assumeTrue(has("groff"), "groff is not installed");
    int read = 0;
    for (String command : COMMANDS) {
      Path page = Files.writeString(folder.resolve(command), Ran.tool("man", command).out());
      assertThat(run("groff", "-man", "-ww", "-Tascii", "-z", page.toString())).isEmpty();
      assertThat(run("groff", "-man", "-Tascii", "-P-c", page.toString()))
          .contains("Show this help");
      read++;
    }
    assertThat(read).isEqualTo(COMMANDS.size());
  }

  @Test
  void bashCompletesCommandsOptionsAndWords() throws Exception {
    assumeTrue(has("bash"), "bash is not installed");
    String script = Ran.tool("completion").expect(ExitCode.DONE).out();
    assertThat(complete(script, "peerwire", "ge")).contains("get");
    assertThat(complete(script, "peerwire", "seed", "--enc")).contains("--encryption");
    assertThat(complete(script, "peerwire", "seed", "--encryption", "pre")).contains("prefer");
  }

  /** What bash would offer for the last word. */
  private String complete(String script, String... words) throws Exception {
    List<String> lines = new ArrayList<>();
    lines.add(script);
    lines.add("COMP_WORDS=(" + String.join(" ", words) + ")");
    lines.add("COMP_CWORD=" + (words.length - 1));
    lines.add("COMP_LINE='" + String.join(" ", words) + "'; COMP_POINT=${#COMP_LINE}");
    lines.add("_complete_peerwire");
    lines.add("printf '%s\\n' \"${COMPREPLY[@]}\"");
    Path file = Files.writeString(folder.resolve("complete.bash"), String.join("\n", lines));
    return run("bash", file.toString());
  }

  private static boolean has(String program) throws InterruptedException {
    try {
      Process process = new ProcessBuilder(program, "--version").redirectErrorStream(true).start();
      process.getInputStream().readAllBytes();
      return process.waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
