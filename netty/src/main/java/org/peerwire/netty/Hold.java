package org.peerwire.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import java.util.concurrent.TimeUnit;

/**
 * Has a listener accept nobody for a moment: for as long it stands in the listener's pipeline and
 * keeps back whatever asks for more. Auto-read stays what it is, so that who turns it off
 * meanwhile, or reads by hand, finds it as they left it.
 */
final class Hold extends ChannelOutboundHandlerAdapter {
  static final int MILLIS = 50;

  /** Whether somebody who reads by hand wanted more. */
  private boolean asked;

  private Hold() {}

  /** Holds it from now on, if it is not held already. For the listener's event loop. */
  @SuppressWarnings("FutureReturnValueIgnored") // it ends by itself, or with the loop
  static void begin(Channel server) {
    if (!server.isActive() || server.pipeline().get(Hold.class) != null) {
      return;
    }
    Hold hold = new Hold();
    server.pipeline().addFirst(hold);
    ChannelConfig config = server.config();
    if (config.isAutoRead()) {
      // The channel stops at once; and what asks it to go on is kept back here.
      config.setAutoRead(false);
      config.setAutoRead(true);
    }
    server.eventLoop().schedule(() -> hold.end(server), MILLIS, TimeUnit.MILLISECONDS);
  }

  private void end(Channel server) {
    // A channel that was closed has let go of it.
    if (server.pipeline().context(this) != null) {
      server.pipeline().remove(this);
      if (asked || server.config().isAutoRead()) {
        server.read();
      }
    }
  }

  @Override
  public void read(ChannelHandlerContext context) {
    asked |= !context.channel().config().isAutoRead();
  }
}
