package org.peerwire.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.peerwire.client.Client;
import org.peerwire.client.ClientOptions;

/** What commands do with the same options. */
final class Options {
  private Options() {}

  /** What every client of the tool has. */
  static ClientOptions.Builder client() throws IOException {
    return ClientOptions.builder().name(name());
  }

  /** What peers are told that this is. */
  static String name() throws IOException {
    return Version.line();
  }

  static void checkSeconds(String option, int value, int least) throws Failure {
    if (value < least) {
      throw Failure.usage(option + " is " + value + ", and must be " + least + " or more seconds");
    }
  }

  /** What picocli has set: it refuses to run a command without its parameters. */
  static <T> T present(@Nullable T value, String name) {
    if (value == null) {
      throw new IllegalStateException(name + " is missing");
    }
    return value;
  }

  /** The addresses of the peers; hosts without one are complained about and left out. */
  static List<InetSocketAddress> resolve(Console console, List<Endpoint> peers) {
    List<InetSocketAddress> addresses = new ArrayList<>();
    for (Endpoint peer : peers) {
      try {
        addresses.add(peer.resolve());
      } catch (UnknownHostException e) {
        if (peers.size() > 1) {
          console.note("warning: no address is known for the host '" + peer.host() + "'");
        }
      }
    }
    return addresses;
  }

  static InetSocketAddress address(Endpoint listen) throws Failure {
    try {
      return listen.resolve();
    } catch (UnknownHostException e) {
      throw new Failure(
          ExitCode.LOCAL, "can't listen: no address is known for '" + listen.host() + "'", e);
    }
  }

  /** Scripts wait for this line. */
  static void tellListening(Console console, Client client, boolean json, boolean quiet)
      throws IOException {
    client
        .listenAddress()
        .map(Endpoint::text)
        .ifPresent(
            address -> {
              if (json) {
                console.result(
                    Json.event("listening")
                        .put("address", address)
                        .put("message", "listening on " + address));
              } else if (!quiet) {
                console.result("listening on " + address);
              }
            });
  }
}
