package org.peerwire.bench;

import java.util.List;

/** Who can be asked to do what, by name. */
final class Roster {
  private Roster() {}

  /** Those that read a stream in chunks; the node modules are no classes of ours. */
  static final List<String> READERS =
      List.of("copy", "bare", "frames", "heap", "wire", "netty", "bt-core", "ttorrent-core");

  /** Those that write one. */
  static final List<String> WRITERS = List.of("copy", "bare", "frames", "bt-core", "ttorrent-core");

  static Contestant reader(String name, Streams stream, int chunk) {
    return switch (name) {
      case "copy" -> Limits.copy(stream, chunk);
      case "bare" -> Limits.bareRead(stream);
      case "bare-calls" -> Limits.bareCalls(stream, chunk);
      case "frames" -> Readers.frames(stream, chunk);
      case "heap" -> Readers.framesOnHeap(stream, chunk);
      case "wire" -> Readers.wire(stream, chunk);
      case "netty" -> Readers.netty(stream, chunk);
      case "round-trip" -> Readers.roundTrip();
      case "bt-core" -> BtRival.read(stream, chunk);
      case "ttorrent-core" -> TtorrentRival.read(stream, chunk);
      default -> throw new IllegalArgumentException(name);
    };
  }

  static Contestant writer(String name, Streams stream) {
    return switch (name) {
      case "copy" -> Limits.copy(stream, 1 << 16);
      case "bare" -> Limits.bareWrite(stream);
      case "frames" -> Writers.frames(stream);
      case "bt-core" -> BtRival.write(stream);
      case "ttorrent-core" -> TtorrentRival.write(stream);
      default -> throw new IllegalArgumentException(name);
    };
  }

  static Contestant find(String way, String name, Streams stream, int chunk) {
    return way.equals("read") ? reader(name, stream, chunk) : writer(name, stream);
  }
}
