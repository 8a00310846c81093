package org.peerwire.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Locale;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.peerwire.mse.Encryption;

/**
 * What encryption costs: a transfer over TCP and one in memory, plain and encrypted, by turns; the
 * handshakes; and, to compare with, the JDK's RC4 and a copy of the same bytes. Processor time of
 * both sides' work, over TCP with the kernel's; ratios are taken within a round, and their medians
 * told.
 */
public final class EncryptionContest {
  private static final int ROUNDS = 9;
  private static final int BLOCKS = 4_096;
  private static final int HANDSHAKES = 150;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final SecureRandom random = new SecureRandom();
  private final byte[] buffer = new byte[16 << 10];
  private final byte[] target = new byte[16 << 10];

  private EncryptionContest() {}

  /** Runs it, and prints the table. */
  public static void main(String... args) throws Exception {
    new EncryptionContest().run();
  }

  private void run() throws Exception {
    Cipher cipher = Cipher.getInstance("ARCFOUR");
    cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(new byte[20], "ARCFOUR"));
    double[][] seconds = new double[9][ROUNDS];
    // The first rounds are for the compiler.
    for (int round = -3; round < ROUNDS; round++) {
      double[] of = {
        transfer(Encryption.NONE),
        transfer(Encryption.PLAINTEXT),
        transfer(Encryption.RC4),
        jdk(cipher),
        copy(),
        handshakes(),
        EncryptedSockets.transfer(Encryption.NONE, BLOCKS, random),
        EncryptedSockets.transfer(Encryption.PLAINTEXT, BLOCKS, random),
        EncryptedSockets.transfer(Encryption.RC4, BLOCKS, random)
      };
      for (int i = 0; round >= 0 && i < of.length; i++) {
        seconds[i][round] = of[i];
      }
    }
    double bytes = (double) BLOCKS * buffer.length;
    System.out.println("| what | MB/s | of plain |");
    System.out.println("|---|---|---|");
    row("over TCP, plain BitTorrent", bytes, seconds[6], seconds[6]);
    row("over TCP, plaintext after an encrypted handshake", bytes, seconds[7], seconds[6]);
    row("over TCP, RC4, encrypted and decrypted", bytes, seconds[8], seconds[6]);
    row("in memory, plain BitTorrent", bytes, seconds[0], seconds[0]);
    row("in memory, plaintext after an encrypted handshake", bytes, seconds[1], seconds[0]);
    row("in memory, RC4, encrypted and decrypted", bytes, seconds[2], seconds[0]);
    double[] ours = new double[ROUNDS];
    Arrays.setAll(ours, i -> (seconds[2][i] - seconds[1][i]) / 2);
    row("our RC4 alone: half of what it adds", bytes, ours, seconds[0]);
    row("the JDK's RC4 alone, in place", bytes, seconds[3], seconds[0]);
    row("a copy of the same bytes", bytes, seconds[4], seconds[0]);
    System.out.println();
    System.out.printf(
        Locale.ROOT,
        "Handshakes, both roles on one core: %.0f a second, %.2f ms each side.%n",
        HANDSHAKES / median(seconds[5]),
        1000 * median(seconds[5]) / HANDSHAKES / 2);
  }

  private double transfer(Encryption method) {
    EncryptedPair pair = new EncryptedPair(method, random);
    pair.shakeHands();
    long start = THREADS.getCurrentThreadCpuTime();
    pair.transfer(BLOCKS);
    return (THREADS.getCurrentThreadCpuTime() - start) / 1e9;
  }

  private double handshakes() {
    long start = THREADS.getCurrentThreadCpuTime();
    for (int i = 0; i < HANDSHAKES; i++) {
      new EncryptedPair(Encryption.RC4, random).shakeHands();
    }
    return (THREADS.getCurrentThreadCpuTime() - start) / 1e9;
  }

  private double jdk(Cipher cipher) throws GeneralSecurityException {
    long start = THREADS.getCurrentThreadCpuTime();
    for (int i = 0; i < BLOCKS; i++) {
      cipher.update(buffer, 0, buffer.length, buffer);
    }
    return (THREADS.getCurrentThreadCpuTime() - start) / 1e9;
  }

  private double copy() {
    long start = THREADS.getCurrentThreadCpuTime();
    for (int i = 0; i < BLOCKS; i++) {
      ByteBuffer.wrap(target).put(buffer);
    }
    return (THREADS.getCurrentThreadCpuTime() - start) / 1e9;
  }

  private static void row(String what, double bytes, double[] seconds, double[] plain) {
    double[] ratios = new double[ROUNDS];
    Arrays.setAll(ratios, i -> plain[i] / seconds[i]);
    System.out.printf(
        Locale.ROOT, "| %s | %.0f | %.2f |%n", what, bytes / median(seconds) / 1e6, median(ratios));
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
