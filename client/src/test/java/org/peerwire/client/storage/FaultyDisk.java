package org.peerwire.client.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.CopyOption;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.apache.lucene.tests.mockfile.FilterFileChannel;
import org.apache.lucene.tests.mockfile.FilterFileSystemProvider;

/**
 * A disk that fails as it is told, on top of a real one. Everything that goes through {@link #path}
 * is under it:
 *
 * <pre>
 *   {@link #room}         a write is cut short, and the next one says that no space is left
 *   {@link #failReads}    EIO
 *   {@link #failForce}    fsync says EIO
 *   {@link #flipWrites}   other bytes get to the disk than were written
 *   {@link #handles}      too many open files
 *   {@link #onWrite}      runs before each write: waits, or throws what it likes
 *   {@link #crash}        the power fails: writes that were not forced are lost, or were reordered
 * </pre>
 */
public final class FaultyDisk extends FilterFileSystemProvider {
  /** What an operation does first. */
  @FunctionalInterface
  public interface Before {
    /** Waits or throws; {@code file} is the name of the file alone. */
    void run(String file) throws IOException;
  }

  private final AtomicLong room = new AtomicLong(Long.MAX_VALUE);
  private volatile Predicate<String> badReads = file -> false;
  private volatile boolean badForce;
  private final AtomicInteger flips = new AtomicInteger();
  private volatile Before before = file -> {};
  private final AtomicInteger handles = new AtomicInteger(Integer.MAX_VALUE);
  private final Map<Path, Cached> cache = Collections.synchronizedMap(new HashMap<>());
  private final AtomicLong refused = new AtomicLong();
  private final List<String> forced = Collections.synchronizedList(new ArrayList<>());

  /** What survives a crash for sure, and what may. */
  private static final class Cached {
    byte[] durable;
    final List<Write> pending = new ArrayList<>();

    Cached(byte[] durable) {
      this.durable = durable;
    }

    synchronized void force() {
      // Grown once, not with each write.
      long end =
          pending.stream().mapToLong(write -> write.position + write.bytes.length).max().orElse(0);
      if (pending.stream().noneMatch(write -> write.truncates) && end > durable.length) {
        durable = Arrays.copyOf(durable, Math.toIntExact(end));
      }
      pending.forEach(this::apply);
      pending.clear();
    }

    void apply(Write write) {
      int end = Math.toIntExact(write.position + write.bytes.length);
      if (write.truncates) {
        durable = Arrays.copyOf(durable, end);
      } else {
        durable = end > durable.length ? Arrays.copyOf(durable, end) : durable;
        System.arraycopy(write.bytes, 0, durable, end - write.bytes.length, write.bytes.length);
      }
    }
  }

  private static final class Write {
    final long position;
    final byte[] bytes;
    final boolean truncates;

    Write(long position, byte[] bytes, boolean truncates) {
      this.position = position;
      this.bytes = bytes;
      this.truncates = truncates;
    }
  }

  private FaultyDisk(Path real) {
    super("faulty://", real.getFileSystem());
  }

  /** A disk without faults, over the file system of a path. */
  public static FaultyDisk over(Path real) {
    return new FaultyDisk(real);
  }

  /** A path of the real disk on this one. */
  public Path path(Path real) {
    return wrapPath(real);
  }

  /** So many bytes more may be written. */
  public void room(long bytes) {
    room.set(bytes);
  }

  /** The names of the files that were forced, in order, and of folders with a slash behind. */
  public List<String> forced() {
    return List.copyOf(forced);
  }

  /** How many writes found no room. */
  public long refused() {
    return refused.get();
  }

  /** Files with such a name can't be read. */
  public void failReads(Predicate<String> names) {
    badReads = names;
  }

  /** Whether force fails. */
  public void failForce(boolean fails) {
    badForce = fails;
  }

  /** So many files may be open at once. */
  public void handles(int count) {
    handles.set(count);
  }

  /** A bit of each of the next writes is flipped. */
  public void flipWrites(int count) {
    flips.set(count);
  }

  /** What happens before each write. */
  public void onWrite(Before what) {
    before = what;
  }

  /**
   * The power fails and comes back: of the writes that were not forced some are there, in any
   * order, whole or in part. Files should be closed.
   */
  public void crash(long seed) throws IOException {
    Random random = new Random(seed);
    List<Path> files = new ArrayList<>(cache.keySet());
    Collections.sort(files);
    for (Path file : files) {
      Cached cached = cache.get(file);
      if (cached == null || !Files.exists(file)) {
        continue;
      }
      List<Write> survivors = new ArrayList<>();
      for (Write write : cached.pending) {
        if (random.nextInt(3) == 0) {
          int length = random.nextBoolean() ? write.bytes.length : write.bytes.length / 2;
          survivors.add(
              new Write(write.position, Arrays.copyOf(write.bytes, length), write.truncates));
        }
      }
      Collections.shuffle(survivors, random);
      survivors.forEach(cached::apply);
      cached.pending.clear();
      Files.write(file, cached.durable);
    }
    cache.clear();
  }

  // ---------------------------------------------------------------- what files do

  @Override
  public FileChannel newFileChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    Path real = toDelegate(path).toAbsolutePath();
    if (Files.isDirectory(real)) {
      forced.add(real.getFileName() + "/");
      return super.newFileChannel(path, options, attributes);
    }
    if (handles.getAndUpdate(left -> Math.max(0, left - 1)) == 0) {
      throw new FileSystemException(path.toString(), null, "Too many open files");
    }
    FileChannel channel = super.newFileChannel(path, options, attributes);
    cache.computeIfAbsent(real, file -> new Cached(contentOf(file)));
    return new Channel(channel, real);
  }

  @Override
  public java.nio.channels.SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return newFileChannel(path, options, attributes);
  }

  @Override
  public void move(Path source, Path target, CopyOption... options) throws IOException {
    super.move(source, target, options);
    Cached moved = cache.remove(toDelegate(source).toAbsolutePath());
    if (moved != null) {
      cache.put(toDelegate(target).toAbsolutePath(), moved);
    }
  }

  private int roomFor(int length) {
    long before =
        room.getAndUpdate(left -> left == Long.MAX_VALUE ? left : left - Math.min(length, left));
    return (int) Math.min(length, before);
  }

  private static byte[] contentOf(Path file) {
    try {
      // A sparse giant is no file to lose power with.
      return Files.size(file) > 1 << 30 ? new byte[0] : Files.readAllBytes(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private final class Channel extends FilterFileChannel {
    private final Path file;
    private final String name;

    Channel(FileChannel delegate, Path file) {
      super(delegate);
      this.file = file;
      name = file.getFileName().toString();
    }

    @Override
    protected void implCloseChannel() throws IOException {
      super.implCloseChannel();
      handles.getAndUpdate(left -> left == Integer.MAX_VALUE ? left : left + 1);
    }

    private void checkReadable() throws IOException {
      if (badReads.test(name)) {
        throw new IOException("Input/output error");
      }
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
      checkReadable();
      return super.read(target);
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      checkReadable();
      return super.read(target, position);
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target)
        throws IOException {
      checkReadable();
      return super.transferTo(position, count, target);
    }

    @Override
    public int write(ByteBuffer source, long position) throws IOException {
      before.run(name);
      int length = source.remaining();
      int fits = roomFor(length);
      if (fits == 0 && length > 0) {
        refused.incrementAndGet();
        throw new IOException("No space left on device");
      }
      byte[] bytes = new byte[fits];
      source.get(bytes);
      if (flips.getAndUpdate(count -> Math.max(0, count - 1)) > 0) {
        bytes[fits / 2] ^= 0x10;
      }
      Cached cached = cache.get(file);
      if (cached != null) {
        synchronized (cached) {
          cached.pending.add(new Write(position, bytes, false));
        }
      }
      return super.write(ByteBuffer.wrap(bytes), position);
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
      Cached cached = cache.get(file);
      if (cached != null && size < size()) {
        synchronized (cached) {
          cached.pending.add(new Write(size, new byte[0], true));
        }
      }
      super.truncate(size);
      return this;
    }

    @Override
    public void force(boolean metadata) throws IOException {
      if (badForce) {
        throw new IOException("Input/output error");
      }
      super.force(metadata);
      forced.add(name);
      Cached cached = cache.get(file);
      if (cached != null) {
        cached.force();
      }
    }
  }
}
