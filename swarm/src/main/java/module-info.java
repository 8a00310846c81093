/**
 * One torrent over many wires, and what a torrent is: files, hashes, names. No I/O here; see {@code
 * org.peerwire.client} for what makes it real.
 */
module org.peerwire.swarm {
  requires transitive org.peerwire;

  exports org.peerwire.swarm;
  exports org.peerwire.swarm.dial;
  exports org.peerwire.swarm.local;
  exports org.peerwire.swarm.merkle;
  exports org.peerwire.swarm.metainfo;
  exports org.peerwire.swarm.tracker;
}
