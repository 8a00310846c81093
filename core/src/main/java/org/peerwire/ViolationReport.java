package org.peerwire;

/**
 * One violation as it happened.
 *
 * @param violation which rule
 * @param detail what was seen, such as the length expected and the one got; never bytes of the peer
 *     unescaped
 * @param offset where the message begins, in bytes since the connection did
 * @param messageId the id of the message, 0 to 255, or -1 if it has none
 * @param context the first bytes of the message that are at hand, at most 64, in hexadecimal digits
 */
public record ViolationReport(
    Violation violation, String detail, long offset, int messageId, String context) {
  /** One line for a person. */
  @Override
  public String toString() {
    StringBuilder line =
        new StringBuilder().append(violation).append(": ").append(violation.sentence());
    if (!detail.isEmpty()) {
      line.append(" (").append(detail).append(')');
    }
    if (messageId >= 0) {
      line.append(", message id ").append(messageId);
    }
    return line.append(", at byte ").append(offset).toString();
  }
}
