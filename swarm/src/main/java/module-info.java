/** One torrent over many wires, without I/O: inputs with time in, actions out. */
module org.peerwire.swarm {
  requires static transitive org.jspecify;
  requires transitive org.peerwire;

  exports org.peerwire.swarm;
}
