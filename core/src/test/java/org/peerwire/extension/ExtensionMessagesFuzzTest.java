package org.peerwire.extension;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.peerwire.IpAddress;
import org.peerwire.PeerAddress;
import org.peerwire.Profile;
import org.peerwire.extension.donthave.DontHave;
import org.peerwire.extension.holepunch.UtHolepunch;
import org.peerwire.extension.metadata.MetadataFetch;
import org.peerwire.extension.metadata.UtMetadata;
import org.peerwire.extension.pex.PexContacts;
import org.peerwire.extension.pex.UtPex;
import org.peerwire.extension.uploadonly.UploadOnly;
import org.peerwire.wire.CloseCause;
import org.peerwire.wire.PeerWire;

/** Any extended messages: understood, put up with, or closing the wire by their violation. */
class ExtensionMessagesFuzzTest {
  private static final int METADATA_SIZE = 20_000;

  private static int arrived;

  @AfterAll
  static void theCorpusReachedTheAssertions() {
    check(arrived > 0, "no input got as far as the end of a wire");
  }

  /** A message each up to a byte 0xff; the first byte of each is its extended id. */
  @FuzzTest(maxDuration = "20s")
  void anyMessagesAreUnderstoodOrViolations(byte[] data) {
    if (data.length == 0) {
      return;
    }
    Profile profile = (data[0] & 1) == 0 ? Profile.INTEROP : Profile.STRICT;
    Wired peer = Wired.open(profile, ExtensionMessagesFuzzTest::equip);
    peer.layout(20);
    peer.extended(
        0,
        "d1:md11:lt_donthavei9e12:ut_holepunchi8e11:ut_metadatai3e6:ut_pexi4ee13:metadata_sizei"
            + METADATA_SIZE
            + "ee");
    int from = 1;
    for (int at = 1; at <= data.length; at++) {
      if (at == data.length || data[at] == (byte) 0xff) {
        if (at > from) {
          peer.extended(data[from] & 0xff, Arrays.copyOfRange(data, from + 1, at));
          peer.said();
        }
        from = at + 1;
      }
    }
    peer.pass(2);
    if (!peer.wire.isClosed()) {
      peer.wire.transport().endOfInput(peer.now);
      peer.turn();
    }
    CloseCause end = peer.end();
    check(
        end instanceof CloseCause.Violated || end instanceof CloseCause.ByPeer,
        "it ended by " + end);
    arrived++;
  }

  private static void equip(PeerWire wire) {
    wire.use(new UtMetadata(MetadataFetch.sha1(Wired.TORRENT, info -> {})))
        .serve(ByteBuffer.allocate(METADATA_SIZE));
    PexContacts contacts = new PexContacts();
    contacts.add(new PeerAddress(IpAddress.parse("127.0.0.3"), 7003), 0);
    wire.use(new UtPex(contacts, IpAddress.parse("127.0.0.2"), (source, added, dropped) -> {}));
    wire.use(new DontHave());
    wire.use(new UploadOnly());
    wire.use(new UtHolepunch((relay, target) -> {}));
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }
}
