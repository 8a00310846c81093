package org.peerwire.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Standard output; remembers why it failed, which a {@link java.io.PrintStream} does not tell. */
final class StandardOutput extends FilterOutputStream {
  private @Nullable String failure;

  StandardOutput() {
    super(new FileOutputStream(FileDescriptor.out));
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    try {
      out.write(bytes, offset, length);
    } catch (IOException e) {
      failure = String.valueOf(e.getMessage());
      throw e;
    }
  }

  String failure() {
    return String.valueOf(failure);
  }

  /** Whether it is more than a reader that has had enough: a full disk. */
  boolean isBadlyBroken() {
    String why = failure;
    return why != null && !why.toLowerCase(Locale.ROOT).contains("pipe");
  }
}
