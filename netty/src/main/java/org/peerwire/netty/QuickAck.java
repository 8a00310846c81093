package org.peerwire.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioChannelOption;
import java.util.List;
import jdk.net.ExtendedSocketOptions;

/**
 * Has the system acknowledge what the peer said.
 *
 * <p>Acknowledgements leave with our data, and the system waits up to 40 ms for some. A peer that
 * has everything it asked for may wait for us as well: its system keeps what is small until all
 * that is on its way was acknowledged (<a href="https://www.rfc-editor.org/rfc/rfc896">RFC 896</a>;
 * libtorrent leaves that on), so after a have its next requests are stuck. Then nobody does
 * anything for 40 ms.
 */
final class QuickAck {
  /**
   * What the option is called by the transports that have it, on Linux. The native ones are no
   * dependency of ours, but options of one name are one object.
   */
  private static final List<ChannelOption<Boolean>> NAMES =
      List.of(
          NioChannelOption.of(ExtendedSocketOptions.TCP_QUICKACK),
          ChannelOption.valueOf("io.netty.channel.epoll.EpollChannelOption#TCP_QUICKACK"),
          ChannelOption.valueOf("io.netty.channel.uring.IoUringChannelOption#TCP_QUICKACK"));

  private QuickAck() {}

  /**
   * Loads what this needs, the first time that it is called: classes and a library are files, and
   * when they are needed there may be no descriptor left to open one.
   */
  static void prepare() {}

  /**
   * Acknowledges now what has come, and what comes until we send again, where that can be done.
   *
   * @return whether it can
   */
  static boolean of(Channel channel) {
    try {
      for (ChannelOption<Boolean> name : NAMES) {
        if (channel.config().setOption(name, true)) {
          return true;
        }
      }
      return false;
    } catch (ChannelException e) {
      // It was closed meanwhile, which is told elsewhere.
      return false;
    }
  }
}
