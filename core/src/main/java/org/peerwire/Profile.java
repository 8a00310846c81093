package org.peerwire;

/** How much of what the specifications forbid is put up with. */
public enum Profile {
  /** Tolerates what deployed clients do, and reports it. */
  INTEROP,
  /** Closes on everything that a specification forbids. */
  STRICT
}
