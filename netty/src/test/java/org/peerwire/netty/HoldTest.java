package org.peerwire.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of a listener's auto-read while it accepts nobody for a moment. */
@Timeout(60)
@ParameterizedClass
@EnumSource
class HoldTest {
  private final Stack stack;
  private final AtomicInteger accepted = new AtomicInteger();

  HoldTest(Stack stack) {
    this.stack = stack;
  }

  @Test
  void aHeldListenerGoesOnByItself() throws Exception {
    stack.run(
        sockets -> {
          Channel server = sockets.listen(new Greeter());
          inLoop(server, () -> Hold.begin(server));
          assertIsMet(connect(server));
          assertThat(server.config().isAutoRead()).isTrue();
        });
  }

  @Test
  void twoHoldsAreOne() throws Exception {
    stack.run(
        sockets -> {
          Channel server = sockets.listen(new Greeter());
          inLoop(
              server,
              () -> {
                Hold.begin(server);
                Hold.begin(server);
                server.pipeline().remove(Hold.class);
                assertThat(server.pipeline().get(Hold.class)).isNull();
              });
          awaitEnd(server);
        });
  }

  @Test
  void whoTurnsAutoReadOffMeanwhileFindsItOff() throws Exception {
    stack.run(
        sockets -> {
          Channel server = sockets.listen(new Greeter());
          inLoop(
              server,
              () -> {
                Hold.begin(server);
                server.config().setAutoRead(false);
              });
          Socket late = connect(server);
          awaitEnd(server);
          inLoop(server, () -> {}); // whoever is to be accepted has been by now
          if (stack != Stack.IO_URING) { // there the kernel accepts ahead
            assertThat(accepted).hasValue(0);
          }
          assertThat(server.config().isAutoRead()).isFalse();
          server.config().setAutoRead(true);
          assertIsMet(late);
        });
  }

  @Test
  void whoTurnsAutoReadOnAgainMeanwhileWaitsForTheEnd() throws Exception {
    stack.run(
        sockets -> {
          Channel server = sockets.listen(new Greeter());
          inLoop(
              server,
              () -> {
                Hold.begin(server);
                server.config().setAutoRead(false);
                server.config().setAutoRead(true);
                assertThat(server.pipeline().get(Hold.class)).isNotNull();
              });
          assertIsMet(connect(server));
        });
  }

  @Test
  void whoReadsByHandMeanwhileIsHeardInTheEnd() throws Exception {
    stack.run(
        sockets -> {
          Channel server = sockets.listen(new Greeter());
          inLoop(
              server,
              () -> {
                Hold.begin(server);
                server.config().setAutoRead(false);
                server.read();
              });
          assertIsMet(connect(server));
          assertThat(server.config().isAutoRead()).isFalse();
        });
  }

  // ---------------------------------------------------------------- helpers

  /** Says a byte to whoever comes. */
  @Sharable
  private final class Greeter extends ChannelInboundHandlerAdapter {
    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the other side sees it
    public void channelActive(ChannelHandlerContext context) {
      accepted.incrementAndGet();
      context.writeAndFlush(context.alloc().buffer(1).writeByte(7));
    }
  }

  private static void assertIsMet(Socket socket) throws Exception {
    try (socket) {
      assertThat(socket.getInputStream().read()).isEqualTo(7);
    }
  }

  private static void inLoop(Channel server, Runnable task) throws Exception {
    server.eventLoop().submit(task).get(20, TimeUnit.SECONDS);
  }

  /** What is scheduled later for the same time comes later. */
  private static void awaitEnd(Channel server) throws Exception {
    boolean ended =
        server
            .eventLoop()
            .schedule(
                () -> server.pipeline().get(Hold.class) == null, Hold.MILLIS, TimeUnit.MILLISECONDS)
            .get(20, TimeUnit.SECONDS);
    assertThat(ended).isTrue();
  }

  private static Socket connect(Channel server) throws Exception {
    InetSocketAddress address = (InetSocketAddress) server.localAddress();
    Socket socket = new Socket(address.getAddress(), address.getPort());
    socket.setSoTimeout(20_000);
    return socket;
  }
}
