package org.peerwire.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.peerwire.InfoHash;
import org.peerwire.PeerId;
import org.peerwire.PieceLayout;
import org.peerwire.Profile;
import org.peerwire.frame.FrameLimits;
import org.peerwire.frame.FrameReader;
import org.peerwire.frame.Message;
import org.peerwire.frame.MessageSink;
import org.peerwire.testkit.Cutter;
import org.peerwire.testkit.EventRecorder;
import org.peerwire.testkit.MessageGenerator;
import org.peerwire.testkit.ScriptedPeer;
import org.peerwire.testkit.SplitMix64;
import org.peerwire.testkit.WireBytes;
import org.peerwire.wire.CloseCause;
import org.peerwire.wire.PeerWire;
import org.peerwire.wire.WireOptions;

/** A wire and whatever comes: messages with any numbers in them, mutated, cut anywhere. */
class AnyMessagesTest {
  private static final int SEEDS = 400;

  /**
   * Nothing comes out of a call but events; they are the same for every cut; the end is a named
   * one.
   */
  @ParameterizedTest
  @EnumSource(Profile.class)
  void aWireMeetsAnyMessages(Profile profile) {
    Set<String> causes = new HashSet<>();
    for (int seed = 0; seed < SEEDS; seed++) {
      SplitMix64 random = new SplitMix64(seed);
      byte[] bytes = stream(random);
      List<String> whole = eventsOf(profile, random, bytes, Cutter.whole());
      Cutter cutter = Cutter.random(random.fork("cut"), 1 + random.nextInt(100));
      assertThat(eventsOf(profile, random, bytes, cutter)).as("%s", random).isEqualTo(whole);
      causes.add(whole.get(whole.size() - 1));
    }
    // It arrived in many places.
    assertThat(causes).hasSizeGreaterThan(8).allMatch(line -> line.startsWith("close "));
  }

  private static byte[] stream(SplitMix64 random) {
    SplitMix64 draws = random.fork("messages");
    List<Message> messages = new MessageGenerator(draws).connection(40);
    byte[] bytes = WireBytes.of(messages.toArray(new Message[0]));
    if (draws.nextBoolean()) {
      for (int i = 1 + draws.nextInt(5); i > 0; i--) {
        bytes[68 + draws.nextInt(bytes.length - 68)] = (byte) draws.nextInt();
      }
    }
    return bytes;
  }

  private static List<String> eventsOf(
      Profile profile, SplitMix64 random, byte[] bytes, Cutter cutter) {
    EventRecorder events = new EventRecorder();
    PeerWire wire =
        new PeerWire(events, WireOptions.builder().profile(profile).hashMessages(true).build());
    if (random.fork("layout").nextBoolean()) {
      wire.layout(PieceLayout.of(1L << 28, 1 << 14));
    }
    if (!random.fork("silent").oneIn(4)) {
      InfoHash theirs = InfoHash.readFrom(ByteBuffer.wrap(bytes, 28, InfoHash.LENGTH));
      wire.handshake(theirs, PeerId.ofAscii("-PW0000-aaaaaaaaaaaa"));
      wire.unchoke();
    }
    new ScriptedPeer(wire).cut(cutter).says(bytes).ends();
    assertThat(wire.closeCause()).isNotInstanceOf(CloseCause.ListenerFailed.class);
    // How an unknown payload comes in parts is all that a cut may change.
    return events.take().stream().filter(line -> !line.startsWith("unknown ")).toList();
  }

  @Test
  void whatTheGeneratorSaysIsRead() {
    Set<Class<?>> kinds = new HashSet<>();
    for (int seed = 0; seed < 20; seed++) {
      List<Message> said = new MessageGenerator(new SplitMix64(seed)).connection(100);
      List<Message> read = new ArrayList<>();
      byte[] bytes = WireBytes.of(said.toArray(new Message[0]));
      new FrameReader(FrameLimits.DEFAULT).read(ByteBuffer.wrap(bytes), new MessageSink(read::add));
      assertThat(read).isEqualTo(said);
      said.forEach(each -> kinds.add(each.getClass()));
    }
    assertThat(kinds).hasSize(Message.class.getPermittedSubclasses().length);
  }
}
