package org.peerwire.examples;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.peerwire.client.Client;
import org.peerwire.client.ClientOptions;
import org.peerwire.client.Transfer;
import org.peerwire.client.TransferOptions;
import org.peerwire.swarm.metainfo.Metainfo;

/** Serves every torrent of a folder behind one port; their content lies beside them. */
public final class ServeFolder {
  // region serve-folder
  static Client serve(Path folder, InetSocketAddress at) throws Exception {
    Client client = Client.open(ClientOptions.builder().listenAddress(at).build());
    for (Path file : torrents(folder)) {
      Metainfo torrent = Metainfo.parse(Files.readAllBytes(file));
      Transfer seed = client.seed(torrent, folder, TransferOptions.DEFAULT);
      seed.completion().join(); // all of its data was checked, and is right
      System.out.println(torrent.name() + " is served");
    }
    return client;
  }

  // endregion

  private static List<Path> torrents(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*.torrent")) {
      found.forEach(files::add);
    }
    return files;
  }

  private ServeFolder() {}

  /** Arguments: folder. Listens on port 6881 until it is killed. */
  public static void main(String... args) throws Exception {
    try (Client client = serve(Path.of(args[0]), new InetSocketAddress(6881))) {
      System.out.println("listening on " + client.listenAddress().orElseThrow());
      Thread.currentThread().join();
    }
  }
}
