package org.peerwire.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.peerwire.SafeText;

/** One JSON object, to be printed as one line. Fields that are absent are left out. */
final class Json {
  private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

  private final Map<String, Object> fields = new LinkedHashMap<>();

  private Json() {}

  static Json event(String name) {
    return new Json().put("event", name);
  }

  static Json object() {
    return new Json();
  }

  Json put(String key, @Nullable Object value) {
    if (value instanceof Optional<?> optional) {
      return put(key, optional.orElse(null));
    }
    if (value != null) {
      fields.put(key, plain(value));
    }
    return this;
  }

  /** Seconds with three decimals: more would be noise. */
  Json putSeconds(String key, double value) {
    fields.put(key, Math.round(value * 1000) / 1000.0);
    return this;
  }

  private static Object plain(Object value) {
    if (value instanceof Json json) {
      return json.fields;
    }
    if (value instanceof List<?> list) {
      return list.stream().map(Json::plain).toList();
    }
    return value instanceof Number || value instanceof Boolean ? value : value.toString();
  }

  /**
   * The object in one line. Text stays what it was for whoever reads the JSON; but what would do
   * something to a terminal is written as an escape.
   */
  @Override
  public String toString() {
    String json = GSON.toJson(fields);
    StringBuilder line = new StringBuilder(json.length());
    for (int at = 0; at < json.length(); ) {
      int codePoint = json.codePointAt(at);
      int end = at + Character.charCount(codePoint);
      if (SafeText.isHidden(codePoint)) {
        for (; at < end; at++) {
          line.append(String.format("\\u%04x", (int) json.charAt(at)));
        }
      } else {
        line.appendCodePoint(codePoint);
      }
      at = end;
    }
    return line.toString();
  }
}
