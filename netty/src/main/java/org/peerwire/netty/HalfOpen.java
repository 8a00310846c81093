package org.peerwire.netty;

import io.netty.channel.Channel;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The connections that have not named a torrent yet: so many in all, and so many of one address.
 * When there are too many the oldest goes, since an honest peer says within a moment what it wants.
 * For any thread.
 */
final class HalfOpen {
  private final int max;
  private final int maxOfOne;

  /** Each with its origin, the oldest first; guarded by this, as the other. */
  private final Map<Channel, Object> all = new LinkedHashMap<>();

  private final Map<Object, Set<Channel>> byOrigin = new HashMap<>();

  HalfOpen(int max, int maxOfOne) {
    this.max = max;
    this.maxOfOne = maxOfOne;
  }

  /**
   * One more.
   *
   * @param origin the address it comes from, without the port
   * @return which one is to be closed for it, if any
   */
  synchronized @Nullable Channel add(Channel channel, Object origin) {
    Channel drop = null;
    Set<Channel> ofOne = byOrigin.get(origin);
    if (ofOne != null && ofOne.size() >= maxOfOne) {
      drop = first(ofOne);
    } else if (all.size() >= max) {
      drop = first(all.keySet());
    }
    if (drop != null) {
      remove(drop);
    }
    all.put(channel, origin);
    byOrigin.computeIfAbsent(origin, first -> new LinkedHashSet<>(2)).add(channel);
    return drop;
  }

  /** It has named a torrent, or is gone. */
  synchronized void remove(Channel channel) {
    Object origin = all.remove(channel);
    Set<Channel> ofOne = origin == null ? null : byOrigin.get(origin);
    if (origin != null && ofOne != null) {
      ofOne.remove(channel);
      if (ofOne.isEmpty()) {
        byOrigin.remove(origin);
      }
    }
  }

  synchronized int size() {
    return all.size();
  }

  private static Channel first(Set<Channel> channels) {
    Iterator<Channel> each = channels.iterator();
    return each.next();
  }
}
