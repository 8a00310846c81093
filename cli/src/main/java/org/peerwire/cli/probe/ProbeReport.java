package org.peerwire.cli.probe;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.peerwire.Handshake;
import org.peerwire.InfoHash;
import org.peerwire.extension.ExtensionHandshake;
import org.peerwire.mse.Encryption;

/**
 * What a probe saw. Times are in seconds since the probe began. Texts may hold what the peer said;
 * escape them.
 *
 * @param address where it connected to, or tried last
 * @param connected when TCP stood
 * @param agreed when encryption was agreed on
 * @param encryption what protects the connection, if there was a handshake
 * @param handshaken when the peer's whole handshake was in
 * @param peerInfoHash what the peer's handshake names, also when it is the wrong one
 * @param handshake the peer's, if all of it came
 * @param told when the peer said what it has
 * @param have what the peer said it has, if it said so
 * @param unchoked when the peer unchoked us
 * @param firstBlock when the first block came
 * @param firstBlockLength bytes of it
 * @param choking whether the peer choked us at the end
 * @param interested whether the peer was interested in what we have, which is nothing
 * @param extended when the peer's first extension handshake came
 * @param extensions what the peer told in its extension handshakes
 * @param extensionHandshake payload of the peer's extension handshake, cut to {@link
 *     Probe#EXTENSION_SHOWN}
 * @param messages how many of each message came, in the order in which each came first
 * @param violations what the peer did wrong and was put up with
 * @param notes what it does that is worth to be explained, as sentences
 * @param bytesRead everything that was read
 * @param firstBytes the first bytes that came, at most {@link Probe#FIRST_BYTES}: a read-only view
 * @param ending how it ended, as one clause
 * @param diagnosis what it means, if there was no handshake
 */
public record ProbeReport(
    InetSocketAddress address,
    OptionalDouble connected,
    OptionalDouble agreed,
    Optional<Encryption> encryption,
    OptionalDouble handshaken,
    Optional<InfoHash> peerInfoHash,
    Optional<Handshake> handshake,
    OptionalDouble told,
    Optional<Have> have,
    OptionalDouble unchoked,
    OptionalDouble firstBlock,
    int firstBlockLength,
    boolean choking,
    boolean interested,
    OptionalDouble extended,
    Optional<ExtensionHandshake> extensions,
    Optional<byte[]> extensionHandshake,
    Map<String, Integer> messages,
    List<String> violations,
    List<String> notes,
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
