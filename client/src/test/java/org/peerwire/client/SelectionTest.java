package org.peerwire.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.peerwire.swarm.metainfo.FileEntry;
import org.peerwire.swarm.metainfo.FileSelection;
import org.peerwire.swarm.metainfo.Metainfo;

/** Some of a torrent's files. */
@Timeout(60)
class SelectionTest {
  @TempDir Path temp;
  private Metainfo torrent;
  private Client seeder;
  private Client client;

  @SuppressWarnings("NullAway.Init")
  SelectionTest() {}

  @BeforeEach
  void open() throws Exception {
    torrent = Samples.several(temp.resolve("from"));
    seeder =
        Client.open(
            ClientOptions.builder()
                .listenAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .build());
    client = Client.open(ClientOptions.DEFAULT);
    seeder
        .seed(torrent, temp.resolve("from"), TransferOptions.DEFAULT)
        .completion()
        .get(20, TimeUnit.SECONDS);
  }

  @AfterEach
  void close() {
    client.close();
    seeder.close();
  }

  private FileEntry file(String name) {
    return torrent.files().stream()
        .filter(file -> file.pathText().endsWith("/" + name))
        .findFirst()
        .orElseThrow();
  }

  private TransferStatus get(String numbers) throws Exception {
    TransferOptions options = TransferOptions.builder().files(FileSelection.parse(numbers)).build();
    Transfer transfer = client.download(torrent, temp.resolve("to"), options);
    transfer.addPeer(seeder.listenAddress().orElseThrow());
    return transfer.completion().get(20, TimeUnit.SECONDS);
  }

  private Path got(String name) {
    return temp.resolve("to").resolve(file(name).pathText());
  }

  private void assertGot(String name) {
    assertThat(got(name))
        .hasSameBinaryContentAs(temp.resolve("from").resolve(file(name).pathText()));
  }

  @Test
  void whatIsSelectedIsThereAndComplete() throws Exception {
    FileEntry last = file("last");
    FileEntry small = file("50001.bin");
    TransferStatus status = get(small.index() + "," + last.index());
    assertGot("last");
    assertGot("50001.bin");
    assertThat(got("empty")).as("not selected").doesNotExist();
    assertThat(status.isComplete()).isTrue();
    assertThat(status.pieceCount()).isEqualTo(status.piecesDone()).isLessThan(8);
    assertThat(status.bytesDone()).isEqualTo(status.bytesTotal()).isLessThan(300_000);
    assertThat(status.downloaded()).isEqualTo(status.bytesTotal());
    assertThat(got("odd.bin"))
        .satisfiesAnyOf(
            odd -> assertThat(odd).doesNotExist(),
            odd -> assertThat(Files.size(odd)).as("its end shares a piece").isPositive());
  }

  @Test
  void theRestComesLaterAndWhatIsThereIsKept() throws Exception {
    TransferStatus first = get("" + file("odd.bin").index());
    assertGot("odd.bin");
    Transfer all = client.download(torrent, temp.resolve("to"), TransferOptions.DEFAULT);
    all.addPeer(seeder.listenAddress().orElseThrow());
    TransferStatus rest = all.completion().get(20, TimeUnit.SECONDS);
    assertThat(rest.downloaded()).isEqualTo(torrent.totalLength() - first.bytesTotal());
    assertThat(Samples.tree(temp.resolve("to"))).isEqualTo(Samples.tree(temp.resolve("from")));
  }

  @Test
  void anEmptyFileAloneNeedsNobody() throws Exception {
    TransferStatus status = get("" + file("empty").index());
    assertThat(status.downloaded()).isZero();
    assertGot("empty");
  }

  @Test
  void numbersOfNoFileAreRefused() {
    assertThatThrownBy(() -> get("7-1000000")).isInstanceOf(IllegalArgumentException.class);
  }
}
