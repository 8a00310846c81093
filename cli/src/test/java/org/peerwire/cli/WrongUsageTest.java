package org.peerwire.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every mistake has its exit code and exactly one line. */
class WrongUsageTest {
  private static final String HASH = "0123456789abcdef0123456789abcdef01234567";

  @TempDir Path folder;
  private Path torrent;

  WrongUsageTest() {
    torrent = Path.of("");
  }

  @BeforeEach
  void aTorrent() throws IOException {
    torrent =
        TestTorrents.write(folder.resolve("a.torrent"), "a", TestTorrents.content(folder, "b", 5));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          ""                                     | what to do
          bogus                                  | there is no command 'bogus'
          --bogus                                | --bogus
          create x --piece-length 3               | --piece-length is 3
          metadata                               | HOST:PORT
          metadata 127.0.0.1:1                   | INFOHASH
          metadata 127.0.0.1:1 x --timeout 0     | --timeout is 0
          get                                    | TORRENT
          get T                                  | --peer HOST:PORT
          get T --peer                           | --peer
          get T --peer localhost                 | 'localhost' is not HOST:PORT
          get T --peer localhost:                | is not HOST:PORT
          get T --peer localhost:0               | is not HOST:PORT
          get T --peer localhost:65536           | is not HOST:PORT
          get T --peer localhost:-1              | is not HOST:PORT
          get T --peer ::1:6881                  | is not HOST:PORT
          get T --peer 127.0.0.1:6881 extra      | 'extra' is one argument too many
          get T --peer 127.0.0.1:6881 --timeout x   | 'x' is not a whole number
          get T --peer 127.0.0.1:6881 --timeout -1  | --timeout is -1
          get T --peer 127.0.0.1:6881 --encryption rc4     | 'rc4' is not off, prefer or require
          get T --peer 127.0.0.1:6881 --encryption=        | is not off, prefer or require
          get T --no-trackers                    | get needs a source
          get T --tracker file:///x               | is not the address of a tracker
          get T --listen x                       | 'x' is not [HOST:]PORT
          get T --listen 99999                   | is not [HOST:]PORT
          get T --sequentially                   | --sequentially
          get http://127.0.0.1/x.torrent --listen 0 | addresses are not fetched
          seed T                                 | DIR
          seed                                   | TORRENT
          seed T . --listen 1:2:3                | is not [HOST:]PORT
          seed T . --encryption OFF              | 'OFF' is not off, prefer or require
          show                                   | TORRENT|MAGNET
          show T --quiet                         | --quiet
          verify T                               | DIR
          verify T . .                           | one argument too many
          probe                                  | HOST:PORT
          probe 127.0.0.1 T                      | is not HOST:PORT
          probe 127.0.0.1:1                      | INFOHASH
          probe 127.0.0.1:1 T --timeout 0        | --timeout is 0
          demo --size x                          | not a size
          demo --size 0                          | not a size
          demo --size 99999999T                  | not a size
          shwo T                                 | try 'show'; see
          gte T                                  | try 'get'; see
          show --jsn T                           | try '--json'; see
          film.torrent                           | what to do with it? Try 'peerwire show'
          magnet:?xt=urn:btih:1                  | what to do with it? Try 'peerwire show'
          show -x.torrent                        | Unknown option: '-x.torrent'
          create x --v1 --v2                     | peerwire create: --v1, --v2 are mutually exclusive
          demo extra                             | 'extra' is one argument too many
          """)
  void isCode2(String arguments, String expected) {
    String[] words = arguments.isEmpty() ? new String[0] : arguments.split(" +");
    for (int i = 0; i < words.length; i++) {
      words[i] = words[i].equals("T") ? torrent.toString() : words[i];
    }
    Ran.tool(words).expectComplaint(ExitCode.USAGE, expected);
  }

  @Test
  void aMagnetLinkForGetIsCode2() {
    Ran.tool("seed", "magnet:?xt=urn:btih:" + HASH, ".")
        .expectComplaint(ExitCode.USAGE, "give it the .torrent file");
    Ran.tool("get", "magnet:?xt=urn:btih:" + HASH)
        .expectComplaint(ExitCode.USAGE, "--peer HOST:PORT");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "magnet:",
        "magnet:?",
        "magnet:?dn=x",
        "magnet:?xt=urn:btih:123",
        "magnet:?xt=urn:btih:0123456789abcdef0123456789abcdef0123456g"
      })
  void aBrokenMagnetLinkIsCode3(String link) {
    Ran.tool("show", link).expectComplaint(ExitCode.NOT_VALID, "magnet");
    Ran.tool("get", link).expectComplaint(ExitCode.NOT_VALID, "magnet");
    Ran.tool("probe", "127.0.0.1:1", link).expectComplaint(ExitCode.NOT_VALID, "magnet");
    Ran.tool("metadata", "127.0.0.1:1", link).expectComplaint(ExitCode.NOT_VALID, "magnet");
  }

  @Test
  void anInfoHashOfAnotherLengthIsCode3() {
    Ran.tool("probe", "127.0.0.1:1", HASH.substring(1))
        .expectComplaint(ExitCode.NOT_VALID, "39 digits, not 40");
    Ran.tool("probe", "127.0.0.1:1", HASH + "0")
        .expectComplaint(ExitCode.NOT_VALID, "41 digits, not 40");
  }

  @Test
  void aMissingFileIsCode4() {
    for (String command : new String[] {"show", "get", "seed", "verify"}) {
      String[] args =
          command.equals("show")
              ? new String[] {command, "nowhere.torrent"}
              : command.equals("get")
                  ? new String[] {command, "nowhere.torrent", "--listen", "0"}
                  : new String[] {command, "nowhere.torrent", "."};
      Ran.tool(args).expectComplaint(ExitCode.LOCAL, "nowhere.torrent: there is no such file");
    }
  }

  @Test
  void whatToDoIsSaid() throws IOException {
    Ran.tool("show", "").expectComplaint(ExitCode.USAGE, "name is empty; name a .torrent file");
    Ran.tool("get", HASH, "--listen", "0")
        .expectComplaint(ExitCode.LOCAL, "an info-hash is written magnet:?xt=urn:btih:" + HASH);
    Ran.tool("create", torrent.toString(), "--output", folder + "/nowhere/x.torrent")
        .expectComplaint(ExitCode.LOCAL, "nowhere: there is no such folder; make it first");
    Path odd = Files.createDirectory(folder.resolve("odd"));
    Files.writeString(odd.resolve("new\nline"), "x");
    Ran.tool("create", odd.toString(), "--output", folder + "/odd.torrent")
        .expectComplaint(ExitCode.LOCAL, "new\\u{a}line; rename it, or move it out");
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = "127.0.0.1:" + taken.getLocalPort();
      Ran.tool("get", torrent.toString(), "--listen", port, "--output", folder.toString())
          .expectComplaint(ExitCode.LOCAL, port, "name another with --listen");
    }
  }

  @Test
  void aFolderForATorrentIsCode4() {
    Ran.tool("show", folder.toString()).expectComplaint(ExitCode.LOCAL, "a folder");
  }

  @Test
  void aFileThatMayNotBeReadIsCode4() throws IOException {
    Files.setPosixFilePermissions(torrent, java.util.Set.of());
    if (!Files.isReadable(torrent)) {
      Ran.tool("show", torrent.toString()).expectComplaint(ExitCode.LOCAL, "permission denied");
    }
  }

  @Test
  void u10_anArgumentIsWhatItLooksLike() throws IOException {
    Ran.tool("show", "-").expectComplaint(ExitCode.LOCAL, "-: there is no such file");
    Ran.tool("show", "@" + torrent).expectComplaint(ExitCode.LOCAL, "there is no such file");
    Ran.tool("show", "--", "--json").expectComplaint(ExitCode.LOCAL, "--json: there is no such");
    Ran.tool("show", "--", "--debug").expectComplaint(ExitCode.LOCAL, "--debug: there is no such");
    Ran long1 = Ran.tool("show", "x".repeat(1 << 20));
    long1.expectComplaint(ExitCode.LOCAL);
    assertThat(long1.err().length()).isLessThan(2000);
    Ran.tool("get", torrent.toString(), "--peer", "\u001b[2Jx")
        .expectComplaint(ExitCode.USAGE, "\\u{1b}[2Jx");
    Ran.tool("\u001b]0;title\u0007\r\n").expectComplaint(ExitCode.USAGE, "\\u{1b}]0;title");
  }

  @Test
  void failuresAreJsonToo() {
    Ran ran = Ran.tool("get", "nowhere.torrent", "--listen", "0", "--json");
    ran.expectComplaint(ExitCode.LOCAL);
    assertThat(ran.last().get("event").getAsString()).isEqualTo("failed");
    assertThat(ran.last().get("exit").getAsInt()).isEqualTo(ExitCode.LOCAL);
  }

  @Test
  void debugShowsWhereItComesFrom() {
    Ran ran = Ran.tool("--debug", "show", "nowhere.torrent");
    ran.expect(ExitCode.LOCAL);
    assertThat(ran.err()).contains("NoSuchFileException");
  }

  @Test
  void helpTeachesByExample() {
    for (String command : new String[] {"demo", "get", "seed", "probe", "show", "verify"}) {
      Ran ran = Ran.tool(command, "--help").expect(ExitCode.DONE);
      assertThat(ran.out()).contains("Examples:", "peerwire " + command, "Exit codes:");
      assertThat(ran.err()).isEmpty();
    }
    assertThat(Ran.tool("--version").expect(ExitCode.DONE).out()).matches("peerwire \\d.*\n");
  }

  @Test
  void wrongUsageIsJsonForWhoAsksForIt() {
    for (String[] each :
        new String[][] {
          {"get", "--json"},
          {"get", "--json", torrent.toString()},
          {"show", "--json", "--bogus", "x"},
          {"bogus", "--json"}
        }) {
      Ran ran = Ran.tool(each);
      ran.expectComplaint(ExitCode.USAGE);
      assertThat(ran.events()).hasSize(1);
      assertThat(ran.last().get("event").getAsString()).isEqualTo("failed");
      assertThat(ran.last().get("exit").getAsInt()).isEqualTo(ExitCode.USAGE);
      assertThat(ran.last().get("message").getAsString()).isNotBlank();
    }
    assertThat(Ran.tool("bogus", "--", "--json").expect(ExitCode.USAGE).out()).isEmpty();
  }
}
