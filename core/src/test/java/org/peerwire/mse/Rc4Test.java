package org.peerwire.mse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.peerwire.SplitMix64;

class Rc4Test {
  /** 16 bytes of the key stream, from RFC 6229, section 2. */
  @ParameterizedTest
  @CsvSource({
    "0102030405, 0, b2396305f03dc027ccc3524a0a1118a8",
    "0102030405, 16, 6982944f18fc82d589c403a47a0d0919",
    "0102030405, 1024, 30abbcc7c20b01609f23ee2d5f6bb7df",
    "0102030405, 4096, ff25b58995996707e51fbdf08b34d875",
    "0102030405060708090a0b0c0d0e0f10, 0, 9ac7cc9a609d1ef7b2932899cde41b97",
    "0102030405060708090a0b0c0d0e0f10, 1024, bdf0324e6083dcc6d3cedd3ca8c53c16",
    "0102030405060708090a0b0c0d0e0f10, 4096, a36a4c301ae8ac13610ccbc12256cacc",
  })
  void givesThePublishedKeyStream(String key, int offset, String expected) {
    Rc4 cipher = new Rc4(HexFormat.of().parseHex(key));
    cipher.skip(offset);
    byte[] bytes = new byte[16];
    cipher.apply(bytes, 0, bytes.length);
    assertThat(HexFormat.of().formatHex(bytes)).isEqualTo(expected);
  }

  @Test
  void goesOnWhereItStoppedHoweverTheBytesAreCut() {
    for (long seed = 0; seed < 200; seed++) {
      SplitMix64 random = new SplitMix64(seed);
      byte[] key = random.bytes(1 + random.below(40));
      byte[] plain = random.bytes(1 + random.below(2000));
      byte[] whole = plain.clone();
      new Rc4(key).apply(whole, 0, whole.length);
      byte[] cut = plain.clone();
      Rc4 cipher = new Rc4(key);
      for (int at = 0; at < cut.length; ) {
        int part = Math.min(cut.length - at, 1 + random.below(100));
        switch (random.below(3)) {
          case 0 -> cipher.apply(cut, at, part);
          case 1 -> cipher.apply(ByteBuffer.wrap(cut, at, part));
          default -> {
            cipher.skip(part);
            System.arraycopy(whole, at, cut, at, part);
          }
        }
        at += part;
      }
      assertThat(cut).as("seed %d", seed).isEqualTo(whole);
    }
  }

  @Test
  void e12_aWipedCipherEncryptsNothing() {
    Rc4 cipher = new Rc4(new byte[] {1, 2, 3});
    cipher.wipe();
    assertThat(cipher.isWiped()).isTrue();
    byte[] bytes = {1};
    assertThatThrownBy(() -> cipher.apply(bytes, 0, 1)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> cipher.skip(1)).isInstanceOf(IllegalStateException.class);
    assertThat(bytes).containsExactly(1);
  }
}
