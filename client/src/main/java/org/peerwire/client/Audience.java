package org.peerwire.client;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Those who hear of a transfer. What one of them throws is its own affair. For any thread. */
final class Audience {
  private final List<TransferListener> listeners = new CopyOnWriteArrayList<>();

  void add(TransferListener listener) {
    listeners.add(listener);
  }

  void tell(Consumer<TransferListener> event) {
    listeners.forEach(listener -> tell(listener, event));
  }

  private static void tell(TransferListener listener, Consumer<TransferListener> event) {
    try {
      event.accept(listener);
    } catch (RuntimeException e) {
      // Somebody else's mistake ends no transfer.
      return;
    }
  }
}
