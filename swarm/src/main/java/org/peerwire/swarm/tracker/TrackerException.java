package org.peerwire.swarm.tracker;

/**
 * A tracker has refused, or what it said can't be understood. The message is one line for a person,
 * and fit to be shown.
 */
public final class TrackerException extends Exception {
  private static final long serialVersionUID = 1;

  TrackerException(String message) {
    super(message);
  }

  TrackerException(String message, Throwable cause) {
    super(message, cause);
  }
}
