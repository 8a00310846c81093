package org.peerwire.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** One run of the tool: how it ended and what it said. */
record Ran(int code, String out, String err) {
  static Ran tool(String... args) {
    return tool(new Interruption(), args);
  }

  static Ran tool(Interruption interruption, String... args) {
    return tool(interruption, Map.of(), args);
  }

  /** With variables in its environment. */
  static Ran tool(Map<String, String> environment, String... args) {
    return tool(new Interruption(), environment, args);
  }

  private static Ran tool(
      Interruption interruption, Map<String, String> environment, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code = Main.run(args, stream(out), stream(err), interruption, environment);
    Ran ran =
        new Ran(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    ran.assertFitForTerminal();
    return ran;
  }

  static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, false, StandardCharsets.UTF_8);
  }

  /** Fails unless it ended with this code. */
  Ran expect(int expected) {
    assertThat(code).as("exit code; out: %s err: %s", out, err).isEqualTo(expected);
    return this;
  }

  /** Fails unless it failed with this code, and one line for a person, which has all of these. */
  Ran expectComplaint(int expected, String... parts) {
    expect(expected);
    assertThat(err.lines().toList()).as("complaints").hasSize(1);
    assertThat(err).startsWith("peerwire").endsWith("\n");
    for (String part : parts) {
      assertThat(err).contains(part);
    }
    assertThat(err).doesNotContain("Exception", "\tat ");
    return this;
  }

  List<String> lines() {
    return out.lines().toList();
  }

  /** Standard output, of which every line is a JSON object. */
  List<JsonObject> events() {
    return out.lines().map(line -> JsonParser.parseString(line).getAsJsonObject()).toList();
  }

  /** The last JSON object. */
  JsonObject last() {
    List<JsonObject> events = events();
    return events.get(events.size() - 1);
  }

  /** U01: no command ever prints a control character but the line feed, nor what hides text. */
  private void assertFitForTerminal() {
    for (String text : List.of(out, err)) {
      text.codePoints()
          .filter(c -> c != '\n' && org.peerwire.SafeText.isHidden(c))
          .findFirst()
          .ifPresent(c -> assertThat(text).as("hidden: U+%04X", c).isEmpty());
    }
  }
}
