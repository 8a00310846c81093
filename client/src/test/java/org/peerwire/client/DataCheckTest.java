package org.peerwire.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peerwire.swarm.metainfo.FileEntry;
import org.peerwire.swarm.metainfo.Metainfo;

class DataCheckTest {
  @TempDir Path temp;

  @Test
  void whatIsRightIsRight() throws Exception {
    Metainfo torrent = Samples.several(temp);
    List<Long> progress = new ArrayList<>();
    DataCheck.Result result = DataCheck.verify(torrent, temp, (done, total) -> progress.add(done));
    assertThat(result.isComplete()).isTrue();
    assertThat(result.bytesVerified()).isEqualTo(torrent.totalLength());
    assertThat(result.files()).hasSize(7);
    assertThat(progress).isSorted().endsWith(torrent.totalLength());
  }

  @Test
  void eachFaultOfAFileIsTold() throws Exception {
    Metainfo torrent = Samples.several(temp);
    Path root = temp.resolve("mixed ä");
    Files.delete(root.resolve("empty"));
    Files.createDirectory(root.resolve("empty"));
    Files.delete(root.resolve("zz/last"));
    Files.write(root.resolve("one byte"), new byte[3], StandardOpenOption.APPEND);
    try (FileChannel file = FileChannel.open(root.resolve("odd.bin"), StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}), 600_000);
    }
    Files.move(root.resolve("sub/piece.bin"), temp.resolve("piece.bin"));
    Files.createSymbolicLink(root.resolve("sub/piece.bin"), temp.resolve("piece.bin"));
    try (FileChannel file =
        FileChannel.open(root.resolve("sub/deep/er/50001.bin"), StandardOpenOption.WRITE)) {
      file.truncate(50_000);
    }
    DataCheck.Result result = DataCheck.verify(torrent, temp, Progress.NONE);
    assertThat(result.isComplete()).isFalse();
    assertThat(
            result.files().stream()
                .map(file -> name(file.file()) + " " + file.state())
                .collect(Collectors.toList()))
        .containsExactly(
            "empty NOT_A_FILE",
            "odd.bin CORRUPT",
            "one byte LONG",
            "50001.bin SHORT",
            "piece.bin NOT_A_FILE",
            "last MISSING",
            "日本語 ☃.txt CORRUPT");
  }

  @Test
  void aMissingFolderIsTold() throws Exception {
    Metainfo torrent = Samples.several(temp.resolve("from"));
    assertThatThrownBy(() -> DataCheck.verify(torrent, temp.resolve("to"), Progress.NONE))
        .isInstanceOf(TransferException.class)
        .hasMessageContaining("it is not there");
  }

  @Test
  void nothingCannotBeMadeATorrent() throws Exception {
    Path folder = Files.createDirectory(temp.resolve("folder"));
    Files.createFile(folder.resolve("empty"));
    assertThatThrownBy(() -> new TorrentMaker(folder).make(Progress.NONE))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no bytes");
  }

  @Test
  void linksAreLeftOut() throws Exception {
    Path folder = Files.createDirectory(temp.resolve("folder"));
    Files.write(folder.resolve("a"), new byte[10]);
    Files.createSymbolicLink(folder.resolve("b"), folder.resolve("a"));
    Metainfo torrent = Metainfo.parse(new TorrentMaker(folder).make(Progress.NONE));
    assertThat(torrent.files()).hasSize(1);
    assertThat(torrent.name()).isEqualTo("folder");
  }

  private static String name(FileEntry file) {
    return file.path().get(file.path().size() - 1);
  }
}
