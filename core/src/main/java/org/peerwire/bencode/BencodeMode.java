package org.peerwire.bencode;

/** How much is forgiven. */
public enum BencodeMode {
  /** Only the one encoding that BEP 3 allows for a value. */
  STRICT,
  /**
   * Accepts what deployed software writes and has one plain meaning: dictionaries whose keys are
   * not sorted or not unique (the <em>first</em> of equal keys counts), and zero written with
   * several digits. {@link BencodeDocument#isCanonical()} tells whether any of it occurred.
   */
  LENIENT
}
