package org.peerwire.cli.probe;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.peerwire.frame.FrameException;
import org.peerwire.frame.FrameReader;
import org.peerwire.frame.Message;
import org.peerwire.frame.MessageSink;
import org.peerwire.wire.WireOptions;

/**
 * How many messages of each kind came. Plaintext is read along, so that nothing is missed; what is
 * encrypted can't be looked at on its way, and the wire's events tell most of it.
 */
final class MessageCounts {
  private static final int MAX_KINDS = 64;

  private final FrameReader reader = new FrameReader(WireOptions.DEFAULT.frames());
  private final MessageSink kinds = new MessageSink(this::seen);
  private final Map<String, Integer> counts = new LinkedHashMap<>();
  private final Map<Class<?>, String> names = new HashMap<>();
  private final boolean encrypted;
  private boolean reading;

  MessageCounts(boolean encrypted) {
    this.encrypted = encrypted;
    reading = !encrypted;
  }

  /** By name, in the order in which each came first. */
  Map<String, Integer> all() {
    return Collections.unmodifiableMap(counts);
  }

  void read(ByteBuffer input) {
    if (reading) {
      try {
        reader.read(input, kinds);
      } catch (FrameException e) {
        // The wire finds the same and says so.
        reading = false;
      }
    }
  }

  /** An event of the wire. */
  void heard(String name) {
    if (encrypted) {
      count(name);
    }
  }

  static String extended(int id) {
    String known = OwnExtensions.name(id);
    return id == 0 ? "extension handshake" : known == null ? "extended (" + id + ")" : known;
  }

  private void seen(Message message) {
    count(
        message instanceof Message.Unknown unknown
            ? "unknown (" + unknown.id() + ")"
            : message instanceof Message.Extended extended
                ? extended(extended.extendedId())
                : names.computeIfAbsent(message.getClass(), kind -> words(kind.getSimpleName())));
  }

  private void count(String name) {
    if (counts.size() < MAX_KINDS || counts.containsKey(name)) {
      counts.merge(name, 1, Integer::sum);
    }
  }

  /** {@code NotInterested} as the specification writes it. */
  private static String words(String camelCase) {
    return camelCase.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
  }
}
