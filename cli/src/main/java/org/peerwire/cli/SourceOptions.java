package org.peerwire.cli;

import java.util.ArrayList;
import java.util.List;
import org.peerwire.SafeText;
import org.peerwire.client.PeerSources;
import org.peerwire.swarm.tracker.TrackerAddress;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Where peers come from, as {@code get} and {@code seed} are told. */
final class SourceOptions {
  @Option(
      names = "--tracker",
      paramLabel = "URL",
      description =
          "A tracker to ask, beside those of the torrent: http, https or udp. May be given more"
              + " than once.",
      converter = OfTracker.class)
  private List<String> trackers = new ArrayList<>();

  @Option(
      names = "--no-trackers",
      description = "Do not ask the trackers that the torrent or magnet link names.")
  private boolean noTrackers;

  @Option(
      names = "--no-pex",
      description = "Do not let peers tell of others, or others of this one (peer exchange).")
  private boolean noExchange;

  @Option(
      names = "--lsd",
      description =
          "Look for peers on the local network, and let them find this one (local service discovery);"
              + " never for private torrents.")
  private boolean local;

  @Option(
      names = "--any-port",
      description =
          "Dial peers at ports below 1024 too, where other services are, if trackers name them."
              + " Those that you name are dialled in any case.")
  private boolean anyPort;

  boolean anyPort() {
    return anyPort;
  }

  PeerSources sources() {
    return new PeerSources(!noTrackers, trackers, !noExchange, local);
  }

  /** For picocli. */
  static final class OfTracker implements ITypeConverter<String> {
    @Override
    public String convert(String value) {
      if (TrackerAddress.parse(value).isEmpty()) {
        throw new TypeConversionException(
            "'"
                + SafeText.of(value, 100)
                + "' is not the address of a tracker, as http://tracker.example/announce or"
                + " udp://tracker.example:6969 is");
      }
      return value;
    }
  }
}
