/** One torrent over many wires, without I/O: inputs with the time go in, actions come out. */
module org.peerwire.swarm {
  requires static transitive org.jspecify;
  requires transitive org.peerwire;

  exports org.peerwire.swarm;
  exports org.peerwire.swarm.metainfo;
}
