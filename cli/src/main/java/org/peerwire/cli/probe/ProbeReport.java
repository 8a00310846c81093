package org.peerwire.cli.probe;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.peerwire.Handshake;
import org.peerwire.InfoHash;
import org.peerwire.mse.Encryption;

/**
 * What a probe saw. Times are in seconds since the probe began. Texts may hold what the peer said;
 * escape them.
 *
 * @param address where it connected to, or tried last
 * @param connected when TCP stood
 * @param encryption what protects the connection, if there was a handshake
 * @param handshaken when the peer's whole handshake was in
 * @param peerInfoHash what the peer's handshake names, also when it is the wrong one
 * @param handshake the peer's, if all of it came
 * @param have what the peer said it has, if it said so
 * @param unchoked when the peer unchoked us
 * @param firstBlock when the first block came
 * @param firstBlockLength bytes of it
 * @param choking whether the peer choked us at the end
 * @param interested whether the peer was interested in what we have, which is nothing
 * @param extensionHandshake payload of the peer's extension handshake, cut to {@link
 *     Probe#EXTENSION_SHOWN}
 * @param messages how many of each message came, in the order in which each came first
 * @param violations what the peer did wrong and was put up with
 * @param bytesRead everything that was read
 * @param firstBytes the first bytes that came, at most {@link Probe#FIRST_BYTES}: a read-only view
 * @param ending how it ended, as one clause
 * @param diagnosis what it means, if there was no handshake
 */
public record ProbeReport(
    InetSocketAddress address,
    OptionalDouble connected,
    OptionalDouble handshaken,
    Optional<Encryption> encryption,
    Optional<InfoHash> peerInfoHash,
    Optional<Handshake> handshake,
    Optional<Have> have,
    OptionalDouble unchoked,
    OptionalDouble firstBlock,
    int firstBlockLength,
    boolean choking,
    boolean interested,
    Optional<byte[]> extensionHandshake,
    Map<String, Integer> messages,
    List<String> violations,
    long bytesRead,
    ByteBuffer firstBytes,
    String ending,
    Optional<String> diagnosis) {

  /**
   * What the peer has.
   *
   * @param count how many pieces
   * @param total of how many; -1 if that is not known
   */
  public record Have(int count, int total) {}
}
