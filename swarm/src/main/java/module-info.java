/** One torrent over many wires, without I/O: inputs with the time go in, actions come out. */
module org.peerwire.swarm {
  requires transitive org.peerwire;

  exports org.peerwire.swarm.metainfo;
}
