/** Swarms made real: sockets, disk and hashing threads; "download this" in three lines. */
module org.peerwire.client {
  requires java.net.http;
  requires org.peerwire.netty;
  requires static transitive org.jspecify;
  requires transitive org.peerwire.swarm;

  exports org.peerwire.client;
}
