package org.peerwire.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.logging.LogManager;

/**
 * Libraries log to standard error, with stack traces; what a user needs to know, we say. As a class
 * that {@code java.util.logging} itself makes when something is first logged, as most commands need
 * no logging at all.
 */
public final class QuietLogging {
  /** Turns logging off. */
  public QuietLogging() throws IOException {
    byte[] properties = ".level=OFF\n".getBytes(StandardCharsets.ISO_8859_1);
    LogManager.getLogManager().readConfiguration(new ByteArrayInputStream(properties));
  }

  /** Has it made when it is needed. */
  static void use() {
    System.setProperty("java.util.logging.config.class", QuietLogging.class.getName());
  }
}
