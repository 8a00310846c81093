package org.peerwire.client.tracker;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.peerwire.IpAddress;
import org.peerwire.swarm.tracker.Announce;
import org.peerwire.swarm.tracker.HttpAnnounce;
import org.peerwire.swarm.tracker.TrackerAddress;
import org.peerwire.swarm.tracker.TrackerException;

/**
 * Asks a tracker over HTTP(S). Redirects are followed by hand, as each new place is checked first.
 *
 * <p>The JDK's client looks a name up once more than we do to check it. It gets the same addresses,
 * since the JDK remembers them for longer than that takes.
 */
// What a future of a step tells is told by the whole one.
@SuppressWarnings("FutureReturnValueIgnored")
final class HttpAsk {
  private static final int MAX_REDIRECTS = 5;
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final int OK = 200;

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(CONNECT)
          .build();
  private final Names names;
  private final String userAgent;

  HttpAsk(Names names, String userAgent) {
    this.names = names;
    this.userAgent = userAgent;
  }

  CompletableFuture<Reply> ask(TrackerAddress tracker, List<IpAddress> ips, Announce announce) {
    Exchange exchange = new Exchange();
    exchange.get(HttpAnnounce.url(tracker.url(), announce), tracker, ips);
    return exchange.result;
  }

  /** One announce, over as many redirects as it takes. */
  private final class Exchange {
    final CompletableFuture<Reply> result = new CompletableFuture<>();
    private int redirects;
    private @Nullable CompletableFuture<?> underWay;

    Exchange() {
      result.whenComplete(
          (reply, e) -> {
            CompletableFuture<?> now = pending(null);
            if (now != null) {
              now.cancel(true);
            }
          });
    }

    private synchronized @Nullable CompletableFuture<?> pending(
        @Nullable CompletableFuture<?> next) {
      CompletableFuture<?> before = underWay;
      underWay = next;
      return before;
    }

    void get(String url, TrackerAddress at, List<IpAddress> ips) {
      HttpRequest request;
      try {
        request = HttpRequest.newBuilder(URI.create(url)).header("User-Agent", userAgent).build();
      } catch (IllegalArgumentException e) {
        fail(new AskException("its address can't be used", e));
        return;
      }
      CompletableFuture<HttpResponse<byte[]>> sent =
          http.sendAsync(request, info -> new BoundedBody(HttpAnnounce.MAX_ANSWER));
      pending(sent);
      if (result.isDone()) {
        sent.cancel(true);
        return;
      }
      sent.whenComplete(
          (response, e) -> {
            if (response == null) {
              fail(told(e));
            } else if (isRedirect(response.statusCode())) {
              redirect(response, at, ips);
            } else {
              read(response, ips);
            }
          });
    }

    private void read(HttpResponse<byte[]> response, List<IpAddress> ips) {
      byte[] body = response.body();
      // Some trackers put their reason beneath an error of HTTP.
      if (response.statusCode() != OK && (body.length == 0 || body[0] != 'd')) {
        fail(new AskException("it answers with HTTP status " + response.statusCode()));
        return;
      }
      try {
        result.complete(new Reply(HttpAnnounce.parse(ByteBuffer.wrap(body)), ips.get(0)));
      } catch (TrackerException e) {
        fail(e);
      }
    }

    private void redirect(HttpResponse<byte[]> response, TrackerAddress from, List<IpAddress> ips) {
      if (redirects++ == MAX_REDIRECTS) {
        fail(new AskException("it redirects more than " + MAX_REDIRECTS + " times"));
        return;
      }
      Optional<TrackerAddress> to =
          response.headers().firstValue("Location").flatMap(it -> resolve(response.uri(), it));
      if (to.isEmpty()) {
        fail(new AskException("it redirects to nowhere"));
        return;
      }
      TrackerAddress next = to.get();
      names
          .lookUp(next)
          .whenComplete(
              (addresses, e) -> {
                if (addresses == null) {
                  fail(e);
                  return;
                }
                List<IpAddress> nextIps = ips(addresses);
                for (IpAddress ip : nextIps) {
                  if (!TrackerAddress.mayRedirect(from, ips.get(0), next, ip)) {
                    fail(new AskException("it redirects to where it may not"));
                    return;
                  }
                }
                get(next.url(), next, nextIps);
              });
    }

    private void fail(Throwable e) {
      result.completeExceptionally(e);
    }
  }

  static List<IpAddress> ips(List<InetSocketAddress> addresses) {
    return addresses.stream().map(Names::ip).toList();
  }

  private static boolean isRedirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
  }

  private static Optional<TrackerAddress> resolve(URI from, String location) {
    try {
      return TrackerAddress.parse(from.resolve(location).toString());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Throwable told(@Nullable Throwable e) {
    Throwable cause = e instanceof java.util.concurrent.CompletionException ? e.getCause() : e;
    if (cause instanceof AskException || cause == null) {
      return new AskException(
          cause == null ? "it does not answer" : String.valueOf(cause.getMessage()), cause);
    }
    if (cause instanceof java.net.http.HttpTimeoutException) {
      return new AskException("it does not answer", cause);
    }
    if (cause instanceof java.net.ConnectException) {
      return new AskException("can't connect to it", cause);
    }
    // What the JDK says of a stranger's HTTP may repeat it.
    return cause instanceof IOException
        ? new AskException(
            "it does not speak HTTP as it should ("
                + org.peerwire.SafeText.of(String.valueOf(cause.getMessage()), 100)
                + ")",
            cause)
        : cause;
  }
}
