package org.peerwire.purity;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Does everything that is forbidden, so that {@link PurityTest} can show that each line of {@link
 * Impurity} catches something. Each method is named after its kind. Nothing ever calls them.
 */
@SuppressWarnings({
  "BanJNDI",
  "BannedSystemApis",
  "CatchAndPrintStackTrace",
  "DefaultCharset",
  "DefaultLocale",
  "FutureReturnValueIgnored",
  "IdentityHashMapUsage",
  "JavaUtilDate",
  "JavaTimeDefaultTimeZone",
  "NonAtomicVolatileUpdate",
  "SystemConsoleNull",
  "SystemOut",
  "ThreadPriorityCheck",
  "TimeZoneUsage",
  "WaitNotInLoop",
  "NakedNotify",
  "UnusedVariable",
  "UnusedMethod",
  "deprecation",
  "removal",
})
final class ImpureCode {
  private ImpureCode() {}

  private static void use(@Nullable Object... values) {}

  static void clock() {
    LongSupplier asReference = System::nanoTime;
    use(asReference, System.currentTimeMillis());
    use(java.time.Instant.now(), java.time.LocalDate.now(java.time.ZoneOffset.UTC));
    use(java.time.Clock.systemUTC(), new java.util.Date());
    use(java.time.InstantSource.system());
    use(java.util.Calendar.getInstance(), new java.util.GregorianCalendar());
  }

  static void environment() {
    use(System.getenv("HOME"), System.getProperty("user.dir"), System.lineSeparator());
    use(Integer.getInteger("a"), Long.getLong("b"), Boolean.getBoolean("c"));
    use(java.nio.charset.Charset.defaultCharset(), java.util.Locale.getDefault());
    use(java.util.TimeZone.getDefault(), java.time.ZoneId.systemDefault());
  }

  static void console(RuntimeException fault) {
    System.out.println();
    System.err.println();
    use(System.in);
    java.io.Console console = System.console();
    use(console == null ? null : console.readLine());
    System.setOut(System.err);
    System.setErr(System.out);
    System.setIn(System.in);
    fault.printStackTrace();
  }

  static void logging() {
    use(java.util.logging.Logger.getLogger("a"));
    System.Logger logger = System.getLogger("a");
    logger.log(System.Logger.Level.INFO, "a");
    use(System.LoggerFinder.class);
  }

  static void threads(java.lang.@Nullable ThreadLocal<String> local) throws Exception {
    new Thread(() -> {}).start();
    use(Thread.State.NEW, local, new InheritableThreadLocal<String>());
    use(java.lang.ref.Cleaner.create(), new java.util.Timer(), java.util.TimerTask.class);
    use(java.util.concurrent.Executors.newCachedThreadPool());
    use(java.util.concurrent.ForkJoinPool.commonPool());
    use(new java.util.concurrent.locks.ReentrantLock());
  }

  static void hiddenThreads(
      Object lock,
      CompletableFuture<String> future,
      CompletionStage<String> stage,
      java.util.concurrent.Future<String> plain,
      List<String> list)
      throws Exception {
    synchronized (lock) {
      lock.wait();
      lock.notify();
      lock.notifyAll();
    }
    TimeUnit.SECONDS.sleep(1);
    TimeUnit.SECONDS.timedJoin(Thread.currentThread(), 1);
    TimeUnit.SECONDS.timedWait(lock, 1);
    use(CompletableFuture.supplyAsync(() -> ""), stage.thenRunAsync(() -> {}));
    use(CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS));
    use(future.orTimeout(1, TimeUnit.SECONDS));
    use(future.completeOnTimeout("", 1, TimeUnit.SECONDS));
    use(future.join(), future.get(), plain.get());
    use(list.parallelStream(), list.stream().parallel());
    java.util.Arrays.parallelSort(new int[1]);
  }

  static void processes() {
    use(new ProcessBuilder("true"), Runtime.getRuntime());
    System.gc();
    System.load("a");
    System.loadLibrary("a");
    System.exit(0);
  }

  static void network() throws Exception {
    use(new java.net.Socket(), javax.net.SocketFactory.getDefault());
  }

  static java.nio.channels.@Nullable SocketChannel channels() {
    return null;
  }

  static void files() throws Exception {
    use(java.nio.file.Path.of("a"), new java.io.FileInputStream("a"));
    use(new java.io.RandomAccessFile("a", "r"), new java.util.zip.ZipFile("a"));
    use(new java.util.jar.JarFile("a"));
    use(ImpureCode.class.getResource("a"), ClassLoader.getSystemResource("a"));
  }

  static void randomness(java.util.random.RandomGenerator allowed) throws Exception {
    use(new java.util.Random(1), new java.util.SplittableRandom(1));
    use(java.util.random.RandomGeneratorFactory.all());
    use(java.util.random.RandomGenerator.of("a"));
    use(java.util.random.RandomGenerator.getDefault());
    use(new java.security.SecureRandom(), java.security.KeyPairGenerator.getInstance("DH"));
    use(javax.crypto.KeyGenerator.getInstance("AES"), Math.random(), StrictMath.random());
    use(java.util.UUID.randomUUID());
    List<Integer> list = new ArrayList<>(List.of(1));
    java.util.Collections.shuffle(list);
    use(list);
  }

  static void identity() {
    use(System.identityHashCode(""), new java.util.IdentityHashMap<String, String>());
  }

  /** What must pass: much like the above, and allowed. */
  static final class Pure {
    private Pure() {}

    static void allowed(java.util.random.RandomGenerator random, long now) throws Exception {
      CompletableFuture<String> future = new CompletableFuture<>();
      use(future.thenApply(String::length), future.getNow(""), future.complete(""));
      future.completeExceptionally(new java.util.concurrent.TimeoutException());
      use(new java.util.concurrent.ConcurrentHashMap<String, String>());
      use(new java.util.concurrent.atomic.AtomicReference<String>());
      use(random.nextInt(), java.time.Duration.ofNanos(now), TimeUnit.SECONDS.toNanos(1));
      use(java.time.Instant.ofEpochMilli(now), new java.util.Date(now));
      use(
          java.security.MessageDigest.getInstance("SHA-1"),
          new java.util.HashMap<String, String>());
      use(new java.io.ByteArrayInputStream(new byte[1]), new java.io.IOException());
      use(java.net.URLDecoder.decode("", java.nio.charset.StandardCharsets.UTF_8));
      System.arraycopy(new byte[1], 0, new byte[1], 0, 1);
    }
  }
}
