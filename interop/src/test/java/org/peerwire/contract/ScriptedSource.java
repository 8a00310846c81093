package org.peerwire.contract;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.concurrent.Flow;

/** A script as a publisher, for one subscriber that asks on one thread at a time. */
final class ScriptedSource implements Flow.Publisher<ByteBuffer> {
  private final Script script;

  ScriptedSource(Script script) {
    this.script = script;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
    Iterator<ByteBuffer> parts = script.parts().iterator();
    subscriber.onSubscribe(
        new Flow.Subscription() {
          private boolean over;

          @Override
          public void request(long count) {
            for (long i = 0; i < count && parts.hasNext() && !over; i++) {
              subscriber.onNext(parts.next());
            }
            if (!parts.hasNext() && !over) {
              over = true;
              end(subscriber);
            }
          }

          @Override
          public void cancel() {
            over = true;
          }
        });
  }

  private void end(Flow.Subscriber<?> subscriber) {
    switch (script.end()) {
      case ENDS -> subscriber.onComplete();
      case FAILS -> subscriber.onError(new IOException("reset"));
      case SILENT -> {}
    }
  }
}
