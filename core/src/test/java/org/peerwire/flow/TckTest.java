package org.peerwire.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.peerwire.frame.Message;
import org.peerwire.wire.PeerListener;
import org.peerwire.wire.PeerWire;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.reactivestreams.tck.flow.FlowSubscriberBlackboxVerification;
import org.reactivestreams.tck.flow.IdentityFlowProcessorVerification;
import org.testng.ITestResult;
import org.testng.TestListenerAdapter;
import org.testng.TestNG;
import org.testng.annotations.AfterClass;
import org.testng.annotations.AfterMethod;

/**
 * The Reactive Streams TCK, as it is, on each Flow type that is exported. It is written for TestNG;
 * each of its rules is shown as a test of its own. Not shown are those that it calls {@code
 * untested}, as no test can check them. {@link #SKIPPED} is all that is skipped otherwise.
 */
class TckTest {
  /**
   * Long until a signal is missed, short to see that none comes. An error that is expected is
   * looked for only once, so that look is a late one.
   */
  private static final TestEnvironment ENVIRONMENT = new TestEnvironment(10_000, 50, 500);

  /**
   * A wire has one other end, which gets each byte once, and so a publisher takes one subscriber,
   * as rule 1.11 allows. These want several.
   */
  private static final List<String> SKIPPED =
      List.of(
          "optional_spec111_maySupportMultiSubscribe",
          "optional_spec111_multicast_mustProduceTheSameElementsInTheSameSequenceToAllOfItsSubscribersWhenRequestingManyUpfront",
          "optional_spec111_multicast_mustProduceTheSameElementsInTheSameSequenceToAllOfItsSubscribersWhenRequestingManyUpfrontAndCompleteAsExpected",
          "optional_spec111_multicast_mustProduceTheSameElementsInTheSameSequenceToAllOfItsSubscribersWhenRequestingOneByOne",
          "optional_spec111_registeredSubscribersMustReceiveOnNextOrOnCompleteSignals",
          "required_mustRequestFromUpstreamForElementsThatHaveBeenRequestedLongAgo",
          "required_spec104_mustCallOnErrorOnAllItsSubscribersIfItEncountersANonRecoverableError");

  @TestFactory
  Stream<DynamicTest> aProcessorThatWorksOnAPool() {
    return rules(OnAPool.class, 48);
  }

  @TestFactory
  Stream<DynamicTest> aProcessorThatWorksOnWhateverThreadCalls() {
    return rules(OnTheCaller.class, 48);
  }

  @TestFactory
  Stream<DynamicTest> aSubscriberOfLists() {
    return rules(OfLists.class, 11);
  }

  @TestFactory
  Stream<DynamicTest> aPublisherOfMessages() {
    return rules(OfMessages.class, 31);
  }

  /**
   * Runs the rules of one verification.
   *
   * @param count how many rules are checked; another number is another TCK, to be looked at
   */
  private static Stream<DynamicTest> rules(Class<?> verification, int count) {
    TestListenerAdapter results = new TestListenerAdapter();
    TestNG tests = new TestNG(false);
    tests.setTestClasses(new Class<?>[] {verification});
    tests.addListener(results);
    tests.setVerbose(0);
    tests.run();
    assertThat(results.getConfigurationFailures()).isEmpty();
    List<ITestResult> checked = new ArrayList<>(results.getPassedTests());
    checked.addAll(results.getFailedTests());
    results.getSkippedTests().stream()
        .filter(result -> !result.getName().startsWith("untested_"))
        .forEach(checked::add);
    assertThat(checked).hasSize(count);
    return checked.stream().map(TckTest::rule);
  }

  private static DynamicTest rule(ITestResult result) {
    return DynamicTest.dynamicTest(
        result.getName(),
        () -> {
          if (result.getStatus() == ITestResult.SKIP) {
            assertThat(SKIPPED).contains(result.getName());
            Assumptions.abort("one subscriber is all that a wire has");
          }
          assertThat(result.getThrowable()).isNull();
          assertThat(result.getStatus()).isEqualTo(ITestResult.SUCCESS);
        });
  }

  /** Bytes through a wire that says back what it hears. */
  public abstract static class Echo extends IdentityFlowProcessorVerification<ByteBuffer> {
    private final ExecutorService publishers = Executors.newCachedThreadPool();
    private final Executor executor;

    Echo(Executor executor) {
      super(ENVIRONMENT);
      this.executor = executor;
    }

    @Override
    protected Flow.Processor<ByteBuffer, ByteBuffer> createIdentityFlowProcessor(int bufferSize) {
      return new WireProcessor(Wires.echo(), executor);
    }

    @Override
    protected Flow.Publisher<ByteBuffer> createFailedFlowPublisher() {
      return subscribedTo(new WireProcessor(Wires.echo(), executor));
    }

    @Override
    public ByteBuffer createElement(int element) {
      return Wires.bytes(new Message.Have(element & 0xffff));
    }

    @Override
    public ExecutorService publisherExecutorService() {
      return publishers;
    }

    @Override
    public long maxSupportedSubscribers() {
      return 1;
    }

    @AfterClass
    public void stop() {
      publishers.shutdown();
    }
  }

  /** The default. */
  public static final class OnAPool extends Echo {
    public OnAPool() {
      super(ForkJoinPool.commonPool());
    }
  }

  /** Nothing in between: what would recurse, would here. */
  public static final class OnTheCaller extends Echo {
    public OnTheCaller() {
      super(Runnable::run);
    }
  }

  /** As {@code java.net.http} publishes. */
  public static final class OfLists extends FlowSubscriberBlackboxVerification<List<ByteBuffer>> {
    public OfLists() {
      super(ENVIRONMENT);
    }

    @Override
    public Flow.Subscriber<List<ByteBuffer>> createFlowSubscriber() {
      return new WireProcessor(Wires.echo()).lists();
    }

    @Override
    public List<ByteBuffer> createElement(int element) {
      return List.of(Wires.bytes(new Message.Have(element)), Wires.bytes(new Message.KeepAlive()));
    }
  }

  /** A handshake first, then keep-alives. */
  public static final class OfMessages extends FlowPublisherVerification<Message> {
    private static final Message KEEP_ALIVE = new Message.KeepAlive();

    private final Queue<Runnable> open = new ConcurrentLinkedQueue<>();

    public OfMessages() {
      super(ENVIRONMENT);
    }

    @Override
    public Flow.Publisher<Message> createFlowPublisher(long elements) {
      WireProcessor processor = processor();
      Flow.Publisher<Message> messages = processor.messages();
      Wires.source(
              elements, n -> Wires.bytes(n == 0 ? new Message.Handshake(Wires.THEIRS) : KEEP_ALIVE))
          .subscribe(processor);
      return messages;
    }

    @Override
    public Flow.Publisher<Message> createFailedFlowPublisher() {
      WireProcessor processor = processor();
      Flow.Publisher<Message> messages = processor.messages();
      processor.onError(new IllegalStateException("no connection"));
      return subscribedTo(messages);
    }

    /** Many never end by themselves. */
    @AfterMethod
    public void closeAll() {
      for (Runnable close = open.poll(); close != null; close = open.poll()) {
        close.run();
      }
    }

    private WireProcessor processor() {
      PeerWire wire = new PeerWire(new PeerListener() {}, Wires.PLAIN.build());
      WireProcessor processor = new WireProcessor(wire);
      open.add(() -> processor.execute(wire::close));
      return processor;
    }
  }

  /** One subscriber is all that a publisher takes; the next one is told so. */
  private static <T> Flow.Publisher<T> subscribedTo(Flow.Publisher<T> publisher) {
    publisher.subscribe(
        new Flow.Subscriber<T>() {
          @Override
          public void onSubscribe(Flow.Subscription subscription) {}

          @Override
          public void onNext(T item) {}

          @Override
          public void onError(Throwable why) {}

          @Override
          public void onComplete() {}
        });
    return publisher;
  }
}
