package org.peerwire.mse;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The constants were computed by another program, with Python's integers: {@code pow(2, a * b,
 * P).to_bytes(96, 'big')}, where a and b are 2^160 and 20 bytes each of one SplitMix64.
 */
class DiffieHellmanTest {
  /** SHA-256 over the secrets of the seeds 0 to 999. */
  private static final String THOUSAND_SECRETS =
      "1693da4e5ce06e0dde1f0ece9c96161a76789f43cf4b21a10a5b25ed6290db2b";

  @Test
  void e02_aThousandSecretsAreThoseOfAnIndependentComputation() throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    List<Long> zeros = new ArrayList<>();
    for (long seed = 0; seed < 1000; seed++) {
      byte[] secret = secret(seed);
      assertThat(secret).hasSize(96);
      digest.update(secret);
      if (secret[0] == 0) {
        zeros.add(seed);
      }
    }
    assertThat(zeros).containsExactly(272L, 303L, 505L, 515L, 925L, 978L);
    assertThat(HexFormat.of().formatHex(digest.digest())).isEqualTo(THOUSAND_SECRETS);
  }

  @ParameterizedTest
  @CsvSource({
    // One leading zero byte, one, and two.
    "272, 00df85f05438d6c88dc75c2d43e1a2fbe0954dfe40e2902205a320b787d7f5db15cbd1293043f3760e65710eaca53a74ae36da77823744f2b7b4f6c748e7a9e03c7aac786dc86c4e3a443c47df347aa52ac88533e5373023d89f5add39c6f720",
    "303, 00f40b4699567552e1ef786c72e0fde4fa252b41d8a2adf7265e42a5369740dabd7a80e3891c860ed3e9f46dc22c177eb15171a578c75d3e072ea68cb94b081b215b75d51e2e2b6929447875b45347e42492f26c70a471dcda6b9e78c843f194",
    "35622,"
        + " 0000a6da797708d011d0ef9b1bb824315b1a84b85c42a07f4b2dd6fc142a82734f37dc0b4f4cd584ba9a0f5d9a3632766f2c63a0ac340dc227f2ff57d9a5284cc95cfd9247657324ac387fe733c095c6881c89d68cd96c35282a98236000ec17",
  })
  void e02_aSecretKeepsItsLeadingZeros(long seed, String expected) {
    assertThat(HexFormat.of().formatHex(secret(seed))).isEqualTo(expected);
  }

  @Test
  void e02_aPublicKeyKeepsItsLeadingZeros() {
    byte[] key = new DiffieHellman(random(165)).publicKey();
    assertThat(key).hasSize(96).startsWith(0);
  }

  @Test
  void e01_keysAreFromTwoToPMinusTwo() {
    BigInteger p = DiffieHellman.P;
    assertThat(p.bitLength()).isEqualTo(768);
    assertThat(isKey(BigInteger.ZERO)).isFalse();
    assertThat(isKey(BigInteger.ONE)).isFalse();
    assertThat(isKey(BigInteger.TWO)).isTrue();
    assertThat(isKey(p.subtract(BigInteger.TWO))).isTrue();
    assertThat(isKey(p.subtract(BigInteger.ONE))).isFalse();
    assertThat(isKey(p)).isFalse();
    assertThat(isKey(p.add(BigInteger.TWO))).isFalse();
    assertThat(isKey(BigInteger.ONE.shiftLeft(768).subtract(BigInteger.ONE))).isFalse();
  }

  @Test
  void ourKeyIsOneEvenIfTheRandomSourceIsBroken() {
    DiffieHellman exchange = new DiffieHellman(target -> {});
    assertThat(DiffieHellman.isKey(exchange.publicKey())).isTrue();
  }

  /** Computes it from both sides. */
  private static byte[] secret(long seed) {
    RandomSource random = random(seed);
    DiffieHellman a = new DiffieHellman(random);
    DiffieHellman b = new DiffieHellman(random);
    byte[] secret = a.secret(b.publicKey());
    assertThat(b.secret(a.publicKey())).isEqualTo(secret);
    return secret;
  }

  private static RandomSource random(long seed) {
    return End.random(seed);
  }

  private static boolean isKey(BigInteger value) {
    byte[] bytes = new byte[96];
    for (int i = 0; i < 96; i++) {
      bytes[95 - i] = value.shiftRight(8 * i).byteValue();
    }
    return DiffieHellman.isKey(bytes);
  }
}
