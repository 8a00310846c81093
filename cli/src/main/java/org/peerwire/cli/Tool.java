package org.peerwire.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** The word {@code peerwire} alone. */
@Command(
    name = Tool.NAME,
    mixinStandardHelpOptions = true,
    versionProvider = Version.Provider.class,
    description = {
      "Moves files between BitTorrent peers that you name, and shows what a peer is.",
      ""
    },
    commandListHeading = "%nCommands:%n",
    footer = {
      "",
      "Examples:",
      "  peerwire demo                                         see it work, on this machine alone",
      "  peerwire show debian.torrent                          what is in it?",
      "  peerwire get debian.torrent --peer 192.0.2.7:6881     fetch it from this peer",
      "  peerwire get 'magnet:?xt=...' --peer 192.0.2.7:6881   the same, by its magnet link",
      "  peerwire seed debian.torrent ~/Downloads              serve what lies there",
      "  peerwire probe 192.0.2.7:6881 debian.torrent          who is that, and does it have it?",
      "  peerwire verify debian.torrent ~/Downloads            is all of it there and right?",
      "  peerwire create ~/album                               make a torrent of it",
      "",
      "'peerwire COMMAND --help' tells more of each.",
      "",
      "Exit codes: 0 done, 1 not done, 2 wrong usage, 3 torrent or magnet not valid,",
      "4 local error (disk full, no permission, port taken).",
      "An option that is not given takes its value from the environment: --max-up of seed from",
      "PEERWIRE_SEED_MAX_UP, or else from PEERWIRE_MAX_UP, which is for all commands that have it.",
      "--debug anywhere, or PEERWIRE_DEBUG in the environment, shows stack traces."
    })
final class Tool implements Callable<Integer> {
  static final String NAME = "peerwire";

  @Override
  public Integer call() throws Failure {
    throw Failure.usage("what to do? Try 'peerwire demo', or see 'peerwire --help'");
  }
}
