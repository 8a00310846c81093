package org.peerwire.client;

/** A search that a client ends when it is closed. */
interface Session {
  /** Ends it; by any thread. */
  void stop();
}
