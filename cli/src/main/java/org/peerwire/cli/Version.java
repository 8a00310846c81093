package org.peerwire.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** Which version of the tool this is. */
final class Version {
  private Version() {}

  /** What {@code --version} prints. */
  static String line() {
    return Tool.NAME + " " + number();
  }

  static String number() {
    // The jar's manifest has been read by then; the classes alone have none.
    String ofJar = Version.class.getPackage().getImplementationVersion();
    return ofJar == null ? ofBuild() : ofJar;
  }

  private static String ofBuild() {
    Properties properties = new Properties();
    try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version", "unknown");
  }

  /** For picocli. */
  static final class Provider implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {line()};
    }
  }
}
