package org.peerwire.bencode;

/**
 * Input that is not bencode, or is beyond a limit: the fault of whoever made it, not of the caller.
 */
public final class BencodeException extends Exception {
  private static final long serialVersionUID = 1L;

  private final BencodeFault fault;
  private final int offset;

  /**
   * Without a stack trace: a peer that sends garbage must not make us walk the stack for each
   * message.
   */
  BencodeException(BencodeFault fault, int offset) {
    super(null, null, false, false);
    this.fault = fault;
    this.offset = offset;
  }

  /** What is wrong. */
  public BencodeFault fault() {
    return fault;
  }

  /** Where it is wrong: bytes from the start of the input. */
  public int offset() {
    return offset;
  }

  /** One clause for a person; it quotes no byte of the input. */
  @Override
  public String getMessage() {
    return fault.sentence() + ", at byte " + offset;
  }
}
