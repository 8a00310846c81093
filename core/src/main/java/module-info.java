/**
 * The BitTorrent peer wire protocol as a state machine: bytes in, events out; calls in, bytes out;
 * time comes in as a number. It needs the JDK alone.
 */
module org.peerwire {
  requires static transitive org.jspecify;

  exports org.peerwire;
  exports org.peerwire.bencode;
  exports org.peerwire.channel;
  exports org.peerwire.extension;
  exports org.peerwire.extension.donthave;
  exports org.peerwire.extension.holepunch;
  exports org.peerwire.extension.metadata;
  exports org.peerwire.extension.pex;
  exports org.peerwire.extension.uploadonly;
  exports org.peerwire.flow;
  exports org.peerwire.frame;
  exports org.peerwire.mse;
  exports org.peerwire.peer;
  exports org.peerwire.wire;
}
