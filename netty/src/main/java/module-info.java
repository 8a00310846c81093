/** Netty pipeline handlers for the wire. */
module org.peerwire.netty {
  requires jdk.net;
  requires transitive io.netty.buffer;
  requires transitive io.netty.common;
  requires transitive io.netty.transport;
  requires transitive org.peerwire;
  requires static transitive org.jspecify;

  exports org.peerwire.netty;
}
