package org.peerwire.bencode;

import java.nio.charset.StandardCharsets;
import org.peerwire.SafeText;

/** Writes values for people, within a fixed number of characters and without recursion. */
final class BencodePrinter {
  private static final int MAX_CHARS = 400;
  private static final int MAX_STRING_BYTES = 64;

  private BencodePrinter() {}

  static String print(Tape tape, int root) {
    StringBuilder out = new StringBuilder();
    int end = tape.next(root);
    // The tape has no marks where containers end, so the open ones are kept here, innermost at the
    // end. No deeper than
    // the output is long.
    int[] open = new int[MAX_CHARS];
    int depth = 0;
    boolean[] dict = new boolean[MAX_CHARS];
    boolean[] valueDue = new boolean[MAX_CHARS];
    for (int token = root; token < end || depth > 0; ) {
      if (out.length() >= MAX_CHARS) {
        return out.append("...").toString();
      }
      if (depth > 0 && token >= tape.link(open[depth - 1])) {
        depth--;
        out.append(dict[depth] ? '}' : ']');
        continue;
      }
      if (depth > 0) {
        int in = depth - 1;
        if (valueDue[in]) {
          out.append(": ");
          valueDue[in] = false;
        } else {
          out.append(token == open[in] + 1 ? "" : ", ");
          valueDue[in] = dict[in];
        }
      }
      if (tape.isContainer(token)) {
        dict[depth] = tape.kind(token) == 'd';
        valueDue[depth] = false;
        open[depth] = token;
        out.append(dict[depth] ? '{' : '[');
        depth++;
      } else {
        printScalar(tape, token, out);
      }
      token++;
    }
    return out.toString();
  }

  private static void printScalar(Tape tape, int token, StringBuilder out) {
    if (tape.value(token) instanceof BencodeString string) {
      byte[] shown = new byte[Math.min(string.size(), MAX_STRING_BYTES)];
      string.bytes().get(shown);
      out.append('"').append(SafeText.of(new String(shown, StandardCharsets.UTF_8)));
      out.append(shown.length < string.size() ? "...\"" : "\"");
    } else if (tape.value(token) instanceof BencodeInteger integer) {
      out.append(integer.value());
    }
  }
}
