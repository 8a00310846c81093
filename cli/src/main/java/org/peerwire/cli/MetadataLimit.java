package org.peerwire.cli;

import org.jspecify.annotations.Nullable;
import org.peerwire.client.ClientOptions;
import picocli.CommandLine.Option;

/** The option of commands that fetch the metadata of magnet links. */
final class MetadataLimit {
  @Option(
      names = "--max-metadata",
      paramLabel = "SIZE",
      description =
          "How large the metadata of a magnet link may be, up to 9M. Default: 4M, enough for"
              + " 200,000 pieces.",
      converter = ByteSize.class)
  private @Nullable Long most;

  void applyTo(ClientOptions.Builder options) throws Failure {
    Long bytes = most;
    if (bytes == null) {
      return;
    }
    if (bytes > ClientOptions.LARGEST_METADATA) {
      throw Failure.usage(
          "--max-metadata is " + bytes + ", but at most " + ClientOptions.LARGEST_METADATA);
    }
    options.maxMetadata(Math.toIntExact(bytes));
  }
}
