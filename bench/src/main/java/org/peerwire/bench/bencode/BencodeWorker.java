package org.peerwire.bench.bencode;

import java.io.IOException;
import org.peerwire.bench.Contestant;
import org.peerwire.bench.Worker;

/** One contestant in a process of its own; see {@link Worker}. */
public final class BencodeWorker {
  private BencodeWorker() {}

  /**
   * Runs it.
   *
   * @param args read or write, the contestant and the document
   */
  public static void main(String[] args) throws IOException {
    Document document = Document.valueOf(args[2]);
    Contestant once =
        args[0].equals("read") ? reader(args[1], document) : writer(args[1], document);
    Worker.serve(
        () -> {
          long sum = 0;
          for (int i = 0; i < document.times; i++) {
            sum += once.pass();
          }
          return sum;
        });
  }

  private static Contestant reader(String name, Document document) {
    return switch (name) {
      case "copy" -> Limits.copy(document);
      case "scan" -> Limits.scan(document);
      case "peerwire" -> Ours.read(document);
      case "peerwire, copied out" -> Ours.readAndCopy(document);
      case "bt-core" -> Bt.read(document);
      case "ttorrent-core" -> Ttorrent.read(document);
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static Contestant writer(String name, Document document) {
    return switch (name) {
      case "copy" -> Limits.copy(document);
      case "peerwire" -> Ours.write(document);
      case "bt-core" -> Bt.write(document);
      case "ttorrent-core" -> Ttorrent.write(document);
      default -> throw new IllegalArgumentException(name);
    };
  }
}
