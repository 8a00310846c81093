package org.peerwire.bench.connections;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A listener that may open no more files. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DescriptorsTest {
  private static final int FILES = 64;
  private static final List<String> OPTIONS =
      List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:-MaxFDLimit");

  @Test
  void z10_transfersGoOnWithoutDescriptorsAndNewPeersComeWhenThereAreSome() throws Exception {
    try (Program listener = Program.java(FILES, Listener.class, OPTIONS, "60", "150")) {
      String port = listener.line().split(" ", -1)[1];
      try (Program crowd =
          Program.java(
              Crowd.class, List.of("-XX:+UseSerialGC"), port, Torrent.INFO_HASH.toString())) {
        assertThat(crowd.ask("connect 3")).containsEntry("open", 3L);
        // What it needs to serve, to lose a peer and to answer is loaded by then: files too.
        assertThat(crowd.ask("connect 2")).containsEntry("open", 5L);
        assertThat(crowd.ask("drop 2")).containsEntry("open", 3L);
        listener.ask("cost");
        assertThat(crowd.ask("fetch 3 64")).containsEntry("lost", 0L);
        List<Socket> many = new ArrayList<>();
        for (int i = 0; i < FILES - 4; i++) { // fewer than may be half open of one address
          Socket socket = new Socket();
          socket.connect(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port)),
              10_000);
          many.add(socket);
        }
        Map<String, Long> full = listener.ask("cpu");
        for (int i = 0; i < 5; i++) {
          assertThat(crowd.ask("fetch 3 64")).containsEntry("lost", 0L);
        }
        Map<String, Long> later = listener.ask("cpu");
        assertThat(later).as("before: %s", full).containsEntry("open", 3L);
        for (Socket socket : many) {
          socket.close();
        }
        assertThat(crowd.ask("connect 3")).containsEntry("open", 6L).containsEntry("lost", 0L);
        assertThat(listener.ask("cost"))
            .containsEntry("open", 6L)
            .hasEntrySatisfying("descriptors", open -> assertThat(open).isLessThan(FILES));
      }
    }
  }
}
