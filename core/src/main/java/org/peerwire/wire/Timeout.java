package org.peerwire.wire;

/** What a peer can be too slow at, so that the wire closes. */
public enum Timeout {
  /** The handshake was not complete in time. */
  HANDSHAKE_TIMEOUT("the peer did not complete its handshake in time"),
  /** A message began and did not end in time. */
  FRAME_STALLED("the peer stopped in the middle of a message"),
  /** Not a byte came, for minutes. */
  IDLE("the peer has been silent for too long"),
  /** The peer takes none of the bytes that wait for it. */
  SEND_STALLED("the peer takes no bytes");

  private final String sentence;

  Timeout(String sentence) {
    this.sentence = sentence;
  }

  /** What happened, in a few words for a person. */
  public String sentence() {
    return sentence;
  }
}
