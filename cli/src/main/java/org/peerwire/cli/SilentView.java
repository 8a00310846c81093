package org.peerwire.cli;

/** Shows nothing. */
final class SilentView implements ProgressView {
  @Override
  public void at(long done, double bytesPerSecond, String extra) {}

  @Override
  public void say(String line) {}

  @Override
  public void close() {}
}
