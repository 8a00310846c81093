package org.peerwire.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;
import org.peerwire.Block;
import org.peerwire.Handshake;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.SplitMix64;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;

/** On a JDK that has virtual threads: every thread of a pipe is one, and none is pinned. */
@Timeout(60)
@EnabledForJreRange(min = JRE.JAVA_21)
class VirtualThreadsTest {
  private static final InfoHash TORRENT = InfoHash.parse("aa".repeat(20));
  private static final int BLOCKS = 64;

  private final List<Boolean> virtual = new CopyOnWriteArrayList<>();

  @TempDir Path folder;

  @Test
  @SuppressWarnings("try") // closed first to end the accepting
  void manyPipesShareAFewCarriersAndPinNone() throws Exception {
    byte[] content = new SplitMix64(1).bytes(BLOCKS * Block.LENGTH);
    Path path = Files.write(folder.resolve("content"), content);
    Path events = folder.resolve("events.jfr");
    try (FileChannel file = FileChannel.open(path);
        ServerSocketChannel server =
            ServerSocketChannel.open()
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Recording recording = new Recording()) {
      ThreadFactory threads = virtualThreads();
      Thread accepting =
          threads.newThread(
              () -> unchecked(() -> WirePipe.accept(server, 100, () -> seeder(file))));
      accepting.start();
      // Who is first to need a class waits for it pinned, once; so this round does not count.
      leech(1, threads, server, content);
      recording.enable("jdk.VirtualThreadPinned").withThreshold(Duration.ZERO).withStackTrace();
      recording.start();
      leech(40, threads, server, content);
      server.close();
      accepting.join();
      recording.stop();
      recording.dump(events);
    }
    assertThat(virtual).isNotEmpty().doesNotContain(false);
    assertThat(pinnedByUs(events)).isEmpty();
  }

  private void leech(int count, ThreadFactory threads, ServerSocketChannel server, byte[] content)
      throws InterruptedException {
    List<Thread> leeching = new ArrayList<>();
    List<ByteBuffer> got = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ByteBuffer target = ByteBuffer.allocate(content.length);
      got.add(target);
      PeerWire wire = leecher(target);
      wire.handshake(TORRENT, PeerId.ofAscii("-PW0000-leecherleech"));
      leeching.add(
          threads.newThread(
              () ->
                  unchecked(
                      () ->
                          WirePipe.connect(
                              server.getLocalAddress(), Duration.ofSeconds(10), wire))));
    }
    leeching.forEach(Thread::start);
    for (Thread each : leeching) {
      each.join();
    }
    for (ByteBuffer each : got) {
      assertThat(each.flip()).isEqualTo(ByteBuffer.wrap(content));
    }
  }

  private static List<String> pinnedByUs(Path events) throws IOException {
    List<String> pinned = new ArrayList<>();
    for (RecordedEvent event : RecordingFile.readAllEvents(events)) {
      if (hasFrameOf(event, "org.peerwire.") && !hasFrameOf(event, "java.lang.ClassLoader")) {
        pinned.add(event.toString());
      }
    }
    return pinned;
  }

  private static boolean hasFrameOf(RecordedEvent event, String types) {
    return event.getStackTrace() != null
        && event.getStackTrace().getFrames().stream()
            .map(RecordedFrame::getMethod)
            .anyMatch(method -> method.getType().getName().startsWith(types));
  }

  private PeerWire seeder(FileChannel file) {
    return new PeerWire(
        new PeerListener() {
          @Override
          public void onHandshake(PeerWire wire, Handshake handshake) {
            noteThread();
            wire.handshake(handshake.infoHash(), PeerId.ofAscii("-PW0000-seederseeder"));
            wire.unchoke();
          }

          @Override
          public void onRequest(PeerWire wire, int piece, int begin, int length) {
            wire.respond(piece, begin, new FileRegion(file, begin, length));
          }

          @Override
          public void onDrained(PeerWire wire) {
            noteThread();
          }
        });
  }

  private PeerWire leecher(ByteBuffer target) {
    return new PeerWire(
        new PeerListener() {
          @Override
          public void onUnchoke(PeerWire wire) {
            noteThread();
            for (int i = 0; i < BLOCKS; i++) {
              wire.request(
                  0,
                  i * Block.LENGTH,
                  Block.LENGTH,
                  (outcome, piece, begin, block) -> {
                    target.put(block);
                    if (!target.hasRemaining()) {
                      wire.close();
                    }
                  });
            }
          }
        });
  }

  private void noteThread() {
    virtual.add(
        unchecked(() -> Thread.class.getMethod("isVirtual").invoke(Thread.currentThread())));
  }

  private static ThreadFactory virtualThreads() throws ReflectiveOperationException {
    Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
    return (ThreadFactory)
        Class.forName("java.lang.Thread$Builder").getMethod("factory").invoke(builder);
  }

  private interface Work {
    void run() throws Exception;
  }

  private interface Question {
    Object ask() throws Exception;
  }

  private static void unchecked(Work work) {
    try {
      work.run();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static boolean unchecked(Question question) {
    try {
      return (Boolean) question.ask();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
