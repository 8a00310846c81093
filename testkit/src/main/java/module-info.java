/**
 * For tests of what is built on the wire: two wires joined in memory under virtual time, a peer
 * that says exactly what it is told, a recorder of events, and seeded generators.
 */
module org.peerwire.testkit {
  requires transitive org.peerwire;
  requires static transitive org.jspecify;

  exports org.peerwire.testkit;
}
