package org.peerwire.mse;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.peerwire.wire.CloseCause;

/**
 * Any bytes in place of an encrypted handshake, from any stage on: a documented end or none, and
 * the same one however they are cut. The first byte chooses the role and the stage.
 */
class MseFuzzTest {
  private static final MseOptions PREFER =
      MseOptions.builder(EncryptionPolicy.PREFER).padding(0).build();

  private static int arrived;

  @AfterAll
  static void theCorpusReachedTheAssertions() {
    check(arrived > 0, "no input got as far as the comparison");
  }

  @FuzzTest(maxDuration = "20s")
  void anyBytesGiveADocumentedEnd(byte[] data) {
    if (data.length < 2) {
      return;
    }
    End whole = run(data, data.length);
    End cut = run(data, 1);
    check(whole.mse.encryption() == cut.mse.encryption(), "the cut changes what is agreed on");
    check(whole.ends.toString().equals(cut.ends.toString()), whole.ends + " or " + cut.ends);
    for (CloseCause end : whole.ends) {
      check(!(end instanceof CloseCause.ListenerFailed), "an exception: " + end);
    }
    arrived++;
  }

  private static End run(byte[] data, int part) {
    boolean accepts = (data[0] & 1) == 0;
    int stage = data[0] >> 1 & 3;
    End end = accepts ? End.acceptor(PREFER, 1) : End.initiator(PREFER, 1);
    RawMse raw = new RawMse(accepts);
    byte[] rest = Arrays.copyOfRange(data, 1, data.length);
    if (stage > 0) {
      end.hear(raw.publicKey());
      raw.meet(end.say(), End.TORRENT);
    }
    if (accepts && stage > 1) {
      end.hear(RawMse.join(raw.req1(), raw.torrent(End.TORRENT)));
    }
    if (stage > 2) {
      // What follows is read with the right key.
      end.hear(accepts ? raw.provide(3, 0, 68) : raw.select(2, 0));
      rest = raw.encrypt(rest);
    }
    for (int at = 0; at < rest.length; at += part) {
      end.hear(Arrays.copyOfRange(rest, at, Math.min(rest.length, at + part)));
    }
    end.pass(20_000_000_000L);
    check(end.ends.size() <= 1, end.ends.toString());
    return end;
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }
}
