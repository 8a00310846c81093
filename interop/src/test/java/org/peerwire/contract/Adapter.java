package org.peerwire.contract;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.peerwire.channel.WirePipe;
import org.peerwire.flow.WireProcessor;
import org.peerwire.netty.PeerWireHandler;
import org.peerwire.testkit.ScriptedPeer;

/** Each way to move the bytes of a wire. */
enum Adapter {
  /** None: the transport's face is called by hand, in virtual time. */
  CORE {
    @Override
    void play(Script script, Run run) {
      ScriptedPeer peer = new ScriptedPeer(run.wire());
      if (!script.reads()) {
        peer.stopsReading();
      }
      for (ByteBuffer part : script.parts()) {
        byte[] bytes = new byte[part.remaining()];
        part.duplicate().get(bytes);
        peer.says(bytes);
      }
      switch (script.end()) {
        case ENDS -> peer.ends();
        case FAILS -> peer.fails("reset");
        case SILENT -> peer.advance(LONG);
      }
    }
  },

  /** The blocking pipe. */
  PIPE {
    @Override
    void play(Script script, Run run) {
      WirePipe.run(new ScriptedChannel(script), run.wire());
    }
  },

  /** Flow, on a pool. */
  FLOW {
    @Override
    void play(Script script, Run run) {
      WireProcessor processor = new WireProcessor(run.wire());
      processor.subscribe(
          new Flow.Subscriber<ByteBuffer>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
              if (script.reads()) {
                subscription.request(Long.MAX_VALUE);
              }
            }

            @Override
            public void onNext(ByteBuffer item) {}

            @Override
            public void onError(Throwable why) {}

            @Override
            public void onComplete() {}
          });
      new ScriptedSource(script).subscribe(processor);
    }
  },

  /** Netty, under its own virtual time. */
  NETTY {
    @Override
    void play(Script script, Run run) {
      EmbeddedChannel channel = new EmbeddedChannel();
      channel.freezeTime();
      Withheld withheld = new Withheld();
      if (!script.reads()) {
        channel.pipeline().addLast(withheld);
      }
      channel.pipeline().addLast(new PeerWireHandler(run.wire()));
      for (ByteBuffer part : script.parts()) {
        if (channel.isOpen()) {
          channel.writeInbound(Unpooled.copiedBuffer(part));
        }
      }
      switch (script.end()) {
        case ENDS -> channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        case FAILS -> {
          if (channel.isOpen()) {
            channel.pipeline().fireExceptionCaught(new IOException("reset"));
          }
        }
        case SILENT -> {
          for (long second = 0; second < LONG.toSeconds(); second++) {
            channel.advanceTimeBy(1, TimeUnit.SECONDS);
            channel.runScheduledPendingTasks();
          }
        }
      }
      channel.runPendingTasks();
      channel.releaseInbound();
      channel.releaseOutbound();
      withheld.release();
      channel.checkException();
    }
  };

  private static final Duration LONG = Duration.ofMinutes(10);

  /** Lets a wire hear a script; it may go on after this returns. */
  abstract void play(Script script, Run run);

  /** What is raised at a wire that hears a script. */
  List<String> eventsOf(Script script) {
    Run run = new Run(script);
    play(script, run);
    run.awaitClose();
    return run.events();
  }

  /** A peer that takes nothing: what is written is never done. */
  private static final class Withheld extends ChannelOutboundHandlerAdapter {
    private final List<Object> messages = new ArrayList<>();

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
      messages.add(message);
    }

    void release() {
      messages.forEach(ReferenceCountUtil::release);
    }
  }
}
