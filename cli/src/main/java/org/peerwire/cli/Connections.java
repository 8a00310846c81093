package org.peerwire.cli;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.peerwire.client.ClientOptions;
import org.peerwire.mse.EncryptionPolicy;
import picocli.CommandLine.Option;

/** The options of commands that move data: what the connections are like. */
final class Connections {
  @Option(
      names = "--encryption",
      paramLabel = "off|prefer|require",
      defaultValue = "prefer",
      description =
          "Whether connections are encrypted: prefer asks for it and takes plaintext too. Default:"
              + " ${DEFAULT-VALUE}.",
      completionCandidates = Policies.class,
      converter = Policy.class)
  private EncryptionPolicy encryption = EncryptionPolicy.PREFER;

  @Option(
      names = "--max-down",
      paramLabel = "SIZE",
      description =
          "Fetch no more than so many bytes a second, as 500K or 2M. Default: as many as can.",
      converter = ByteSize.class)
  private @Nullable Long maxDown;

  @Option(
      names = "--max-up",
      paramLabel = "SIZE",
      description =
          "Send no more than so many bytes a second, all peers together. Default: as many as can.",
      converter = ByteSize.class)
  private @Nullable Long maxUp;

  /** What a client of the tool is to be like. */
  ClientOptions.Builder client() throws IOException {
    ClientOptions.Builder options = Options.client().encryption(encryption);
    if (maxDown != null) {
      options.maxDownload(maxDown);
    }
    if (maxUp != null) {
      options.maxUpload(maxUp);
    }
    return options;
  }

  /** For the shell's completion. */
  static final class Policies implements Iterable<String> {
    private static final List<String> WORDS =
        Stream.of(EncryptionPolicy.values())
            .map(policy -> policy.name().toLowerCase(Locale.ROOT))
            .toList();

    @Override
    public Iterator<String> iterator() {
      return WORDS.iterator();
    }
  }
}
