package org.peerwire.client.tracker;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A tracker was not asked, or not with success; the message is one line, fit to be shown. */
final class AskException extends IOException {
  private static final long serialVersionUID = 1;

  AskException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  AskException(String message) {
    this(message, null);
  }
}
