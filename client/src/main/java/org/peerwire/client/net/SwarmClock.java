package org.peerwire.client.net;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Stands before the wire, as its events carry no time: tells the swarm when there is input, and
 * when it was read.
 */
final class SwarmClock extends ChannelInboundHandlerAdapter {
  private final Host host;

  SwarmClock(Host host) {
    this.host = host;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    host.beforeInput();
    context.fireChannelRead(message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    context.fireChannelReadComplete();
    host.afterInput();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    host.beforeInput();
    context.fireChannelInactive();
    host.afterInput();
  }
}
