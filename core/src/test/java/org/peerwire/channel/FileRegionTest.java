package org.peerwire.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileRegionTest {
  @TempDir Path folder;
  private final List<IOException> failures = new ArrayList<>();
  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
  private final WritableByteChannel target = Channels.newChannel(sent);

  @Test
  void z03_whoGaveItOutHearsThatItCantBeRead() throws IOException {
    try (FileChannel file = file(1_000)) {
      FileRegion region = region(file, 900, 200);
      assertThatThrownBy(() -> region.read(0, ByteBuffer.allocate(200)))
          .isInstanceOf(EOFException.class);
      assertThat(failures).singleElement().isInstanceOf(EOFException.class);
    }
  }

  @Test
  void z03_whoGaveItOutHearsThatItCantBeSent() throws IOException {
    try (FileChannel file = file(1_000)) {
      FileRegion region = region(file, 900, 200);
      assertThatThrownBy(() -> region.transferTo(target, 0, 200)).isInstanceOf(EOFException.class);
      assertThat(failures).singleElement().isInstanceOf(EOFException.class);
      assertThat(sent.size()).isEqualTo(100);
    }
  }

  @Test
  void aPeerThatIsGoneIsNoFaultOfTheFile() throws IOException {
    try (FileChannel file = file(1_000)) {
      target.close();
      FileRegion region = region(file, 0, 1_000);
      assertThatThrownBy(() -> region.transferTo(target, 0, 1_000))
          .isInstanceOf(ClosedChannelException.class);
      assertThat(failures).isEmpty();
    }
  }

  private FileRegion region(FileChannel file, long position, int length) {
    return new FileRegion(file, position, length, () -> {}, failures::add);
  }

  private FileChannel file(int length) throws IOException {
    return FileChannel.open(Files.write(folder.resolve("a"), new byte[length]));
  }
}
