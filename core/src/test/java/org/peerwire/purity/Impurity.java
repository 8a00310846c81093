package org.peerwire.purity;

import java.util.Arrays;
import java.util.List;

/**
 * What pure code must not touch. The bytes, the calls and the time come in from outside; a class
 * that fetches any of them itself can't be driven by a test, ten thousand at once, in virtual time.
 *
 * <p>Each kind lists types and members of the JDK:
 *
 * <ul>
 *   <li>{@code java.net.*} every type of the package and of those below it; in general {@code *}
 *       stands for any text
 *   <li>{@code java.lang.Thread} the type and those nested in it
 *   <li>{@code java.lang.Math#random} a member; that of {@code java.util.Date#<init>()} has no
 *       parameters
 *   <li>with a {@code !} before it: allowed, although another pattern of the same kind covers it
 * </ul>
 */
@SuppressWarnings(
    "ImmutableEnumChecker") // the lists come from Stream.toList and are not handed out to be
// changed
enum Impurity {
  /** Time is an argument. */
  CLOCK(
      "java.lang.System#nanoTime",
      "java.lang.System#currentTimeMillis",
      "java.time.*#now",
      "java.time.Clock",
      "java.time.InstantSource",
      "java.util.Date#<init>()",
      "java.util.Calendar#getInstance",
      "java.util.GregorianCalendar#<init>"),

  /** What the machine is, or how the program was started, must not change the protocol. */
  ENVIRONMENT(
      "java.lang.System#getenv",
      "java.lang.System#*Propert*",
      "java.lang.System#lineSeparator",
      "java.lang.Integer#getInteger",
      "java.lang.Long#getLong",
      "java.lang.Boolean#getBoolean",
      "java.nio.charset.Charset#defaultCharset",
      "java.util.Locale#getDefault",
      "java.util.TimeZone#getDefault",
      "java.time.ZoneId#systemDefault"),

  /** A library doesn't print. */
  CONSOLE(
      "java.lang.System#out",
      "java.lang.System#err",
      "java.lang.System#in",
      "java.lang.System#console",
      "java.lang.System#setOut",
      "java.lang.System#setErr",
      "java.lang.System#setIn",
      "java.io.Console",
      "java.lang.Throwable#printStackTrace()"),

  /**
   * A library reports by results, exceptions and events; what of it to log is the caller's choice.
   */
  LOGGING(
      "java.util.logging.*",
      "java.lang.System$Logger",
      "java.lang.System$LoggerFinder",
      "java.lang.System#getLogger"),

  /** One thread at a time, and whose it is the caller decides. */
  THREADS(
      "java.lang.Thread*",
      "java.lang.InheritableThreadLocal",
      "java.lang.ref.*",
      "java.util.Timer",
      "java.util.TimerTask",
      "java.util.concurrent.*",
      // Values, units and faults. A future is a place for a result: it may be completed, but must
      // neither be waited
      // for nor bring a thread or a timer of its own, which is the next kind.
      "!java.util.concurrent.TimeUnit",
      // What several wires share, each on its thread, such as a table of torrents: no waiting here.
      "!java.util.concurrent.ConcurrentHashMap*",
      "!java.util.concurrent.atomic.*",
      "!java.util.concurrent.CompletableFuture",
      "!java.util.concurrent.CompletionStage",
      "!java.util.concurrent.Future",
      "!java.util.concurrent.CancellationException",
      "!java.util.concurrent.CompletionException",
      "!java.util.concurrent.ExecutionException",
      "!java.util.concurrent.TimeoutException"),

  /** Waiting, or having someone else do the work, without naming a thread. */
  HIDDEN_THREADS(
      "java.lang.Object#wait",
      "java.lang.Object#notify",
      "java.lang.Object#notifyAll",
      "java.util.concurrent.TimeUnit#sleep",
      "java.util.concurrent.TimeUnit#timedJoin",
      "java.util.concurrent.TimeUnit#timedWait",
      "java.util.concurrent.*#*Async",
      "java.util.concurrent.CompletableFuture#delayedExecutor",
      "java.util.concurrent.CompletableFuture#orTimeout",
      "java.util.concurrent.CompletableFuture#completeOnTimeout",
      "java.util.concurrent.CompletableFuture#join",
      "java.util.concurrent.CompletableFuture#get",
      "java.util.concurrent.Future#get",
      "java.util.*#parallelStream",
      "java.util.stream.*#parallel",
      "java.util.Arrays#parallel*"),

  /** Other programs, and the end of this one. */
  PROCESSES(
      "java.lang.Process*",
      "java.lang.Runtime",
      "java.lang.System#exit",
      "java.lang.System#gc",
      "java.lang.System#load",
      "java.lang.System#loadLibrary"),

  /** Bytes come in by a call and go out by a call. What only parses text is allowed. */
  NETWORK(
      "java.net.*",
      "javax.net.*",
      "!java.net.URI",
      "!java.net.URISyntaxException",
      "!java.net.URLDecoder",
      "!java.net.URLEncoder"),

  /** As the network. */
  CHANNELS("java.nio.channels.*"),

  /** As the network. */
  FILES(
      "java.nio.file.*",
      "java.io.File*",
      "java.io.RandomAccessFile",
      "java.util.zip.ZipFile",
      "java.util.jar.*",
      "java.lang.*#getResource*",
      "java.lang.*#getSystemResource*"),

  /**
   * A run is replayed from its seed, and secrets come in as bytes. The interface {@link
   * java.util.random.RandomGenerator} is allowed: whoever hands it in decides.
   */
  RANDOMNESS(
      "java.util.Random",
      "java.util.SplittableRandom",
      "java.util.random.RandomGeneratorFactory",
      "java.util.random.RandomGenerator#of",
      "java.util.random.RandomGenerator#getDefault",
      "java.security.SecureRandom",
      "java.security.KeyPairGenerator",
      "javax.crypto.KeyGenerator",
      "java.lang.Math#random",
      "java.lang.StrictMath#random",
      "java.util.UUID#randomUUID",
      "java.util.Collections#shuffle"),

  /** A number that differs from run to run. */
  IDENTITY("java.lang.System#identityHashCode", "java.util.IdentityHashMap");

  private final List<Pattern> forbidden;
  private final List<Pattern> allowed;

  Impurity(String... patterns) {
    forbidden = Arrays.stream(patterns).filter(p -> !p.startsWith("!")).map(Pattern::new).toList();
    allowed =
        Arrays.stream(patterns)
            .filter(p -> p.startsWith("!"))
            .map(p -> new Pattern(p.substring(1)))
            .toList();
  }

  List<Pattern> forbidden() {
    return forbidden;
  }

  boolean forbids(Target target) {
    return forbidden.stream().anyMatch(p -> p.matches(target))
        && allowed.stream().noneMatch(p -> p.matches(target));
  }

  /**
   * Something that code names.
   *
   * @param owner the full name of a type
   * @param member {@code ""} for the type itself, the name of a field, or that of a method or
   *     constructor with the types of its parameters: {@code <init>(int)}
   */
  record Target(String owner, String member) {
    static Target type(String name) {
      return new Target(name, "");
    }
  }

  /** One line of the lists above. */
  static final class Pattern {
    private final String text;
    private final java.util.regex.Pattern owner;
    private final java.util.regex.Pattern member;

    private Pattern(String text) {
      this.text = text;
      int hash = text.indexOf('#');
      String ownerText = hash < 0 ? text : text.substring(0, hash);
      String memberText = hash < 0 ? "" : text.substring(hash + 1);
      owner = glob(ownerText, hash < 0 ? "(\\$.*)?" : "");
      member = glob(memberText, hash < 0 || memberText.endsWith(")") ? "" : "(\\(.*)?");
    }

    boolean matches(Target target) {
      return owner.matcher(target.owner).matches() && member.matcher(target.member).matches();
    }

    private static java.util.regex.Pattern glob(String text, String tail) {
      String quoted = java.util.regex.Pattern.quote(text).replace("*", "\\E.*\\Q");
      return java.util.regex.Pattern.compile(quoted + tail);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
