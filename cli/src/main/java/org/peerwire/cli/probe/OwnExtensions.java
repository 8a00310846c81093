package org.peerwire.cli.probe;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.peerwire.SafeText;
import org.peerwire.extension.ExtensionHandshake;

/**
 * What a probe says that it speaks, so that peers show what they send. The ids are ones that nobody
 * else uses: a peer that sends under its own ids instead of ours can be told by them.
 */
final class OwnExtensions {
  private static final int METADATA = 201;
  private static final int PEX = 202;

  private OwnExtensions() {}

  static ByteBuffer handshake(String version) {
    return ByteBuffer.wrap(
        ExtensionHandshake.builder()
            .m("ut_metadata", METADATA)
            .m("ut_pex", PEX)
            .v(version)
            .build()
            .encode());
  }

  /** The extension that has this id with us, or null. */
  static @Nullable String name(int id) {
    return switch (id) {
      case METADATA -> "ut_metadata";
      case PEX -> "ut_pex";
      default -> null;
    };
  }

  /** What is wrong with an id that is none of ours (X12, X13), as one sentence. */
  static String explain(int id, @Nullable ExtensionHandshake peer) {
    if (peer != null) {
      for (var each : peer.m().entrySet()) {
        if (each.getValue() == id) {
          return "it sends "
              + SafeText.of(each.getKey())
              + " under "
              + id
              + ", its own id for that, where BEP 10 wants the receiver's: "
              + ours(each.getKey());
        }
      }
    }
    return "it sends extended messages under " + id + ", an id that neither side has named";
  }

  private static String ours(String name) {
    for (int id : new int[] {METADATA, PEX}) {
      if (name.equals(name(id))) {
        return Integer.toString(id);
      }
    }
    return "we named none";
  }
}
