package org.peerwire.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.peerwire.Block;
import org.peerwire.channel.FileRegion;

class FileRunTest {
  private static final int ROUNDS = 200;
  private static final long SEED = 20261126;

  private final AtomicInteger released = new AtomicInteger();
  @TempDir private Path folder;

  @Test
  void eachByteLeavesOnceAndInOrderHoweverFewASocketTakes() throws IOException {
    Random random = new Random(SEED);
    byte[] content = bytes(random, 300_000);
    try (FileChannel file = file(content)) {
      for (int round = 0; round < ROUNDS; round++) {
        Socket socket = new Socket(random);
        FileRun run = new FileRun(socket);
        ByteBuffer wanted = ByteBuffer.allocate(2 << 20);
        int blocks = 1 + random.nextInt(20);
        for (int i = 0; i < blocks; i++) {
          byte[] head = bytes(random, random.nextInt(40));
          int length = 1 + random.nextInt(random.nextBoolean() ? 16_384 : 100);
          int position = random.nextInt(content.length - length);
          int offset = random.nextInt(length);
          run.add(
              Unpooled.wrappedBuffer(head),
              new FileRegion(file, position, length, released::incrementAndGet),
              offset,
              length - offset);
          wanted.put(head).put(content, position + offset, length - offset);
        }
        assertThat(run.count()).isEqualTo(wanted.position());
        while (run.transferred() < run.count()) {
          run.transferTo(socket, run.transferred());
        }
        assertThat(socket.taken.flip())
            .as("round %s of seed %s", round, SEED)
            .isEqualTo(wanted.flip());
        assertThat(socket.told).isEqualTo(run.count());
        released.set(0);
        run.release();
        assertThat(released).hasValue(blocks);
      }
    }
  }

  /** The rest of one would be a packet of a few bytes, and wake the peer for it. */
  @Test
  void aWriteEndsWithABlock() throws IOException {
    try (FileChannel file = file(new byte[16 * Block.LENGTH])) {
      List<Integer> writes = new ArrayList<>();
      FileRun run =
          new FileRun(
              new FileRun.Owner() {
                @Override
                public int room() {
                  return FileRun.CHUNK;
                }

                @Override
                public void left(int bytes, boolean isFull) {
                  writes.add(bytes);
                }
              });
      byte[] head = new byte[13];
      for (int i = 0; i < 16; i++) {
        run.add(
            Unpooled.wrappedBuffer(head),
            new FileRegion(file, (long) i * Block.LENGTH, Block.LENGTH),
            0,
            Block.LENGTH);
      }
      WritableByteChannel taking = Channels.newChannel(OutputStream.nullOutputStream());
      while (run.transferred() < run.count()) {
        run.transferTo(taking, run.transferred());
      }
      int half = 8 * (head.length + Block.LENGTH);
      assertThat(writes).containsExactly(half, half);
    }
  }

  @Test
  void aFileThatWasCutSendsNothingInThePlaceOfWhatIsMissing() throws IOException {
    try (FileChannel file = file(new byte[20_000])) {
      Socket socket = new Socket(new Random(SEED));
      FileRun run = new FileRun(socket);
      run.add(Unpooled.EMPTY_BUFFER, new FileRegion(file, 10_000, 16_384), 0, 16_384);
      assertThatThrownBy(() -> run.transferTo(socket, 0)).isInstanceOf(EOFException.class);
      assertThat(socket.taken.position()).isZero();
    }
  }

  @Test
  void aFileThatWasClosedIsNotTheEndOfTheConnection() throws IOException {
    FileChannel file = file(new byte[20_000]);
    Socket socket = new Socket(new Random(SEED));
    FileRun run = new FileRun(socket);
    run.add(Unpooled.EMPTY_BUFFER, new FileRegion(file, 0, 100), 0, 100);
    file.close();
    assertThatThrownBy(() -> run.transferTo(socket, 0))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(ClosedChannelException.class)
        .hasMessageContaining("closed before its block was sent");
  }

  private FileChannel file(byte[] content) throws IOException {
    return FileChannel.open(Files.write(folder.resolve("content"), content));
  }

  private static byte[] bytes(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Takes as much as chance says. */
  private static final class Socket implements WritableByteChannel, FileRun.Owner {
    private final Random random;
    private final ByteBuffer taken = ByteBuffer.allocate(2 << 20);
    private long told;

    Socket(Random random) {
      this.random = random;
    }

    @Override
    public int write(ByteBuffer bytes) {
      int count = random.nextBoolean() ? bytes.remaining() : random.nextInt(bytes.remaining() + 1);
      taken.put(bytes.duplicate().limit(bytes.position() + count));
      bytes.position(bytes.position() + count);
      return count;
    }

    @Override
    public int room() {
      return 1 + random.nextInt(FileRun.CHUNK);
    }

    @Override
    public void left(int bytes, boolean isFull) {
      told += bytes;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
