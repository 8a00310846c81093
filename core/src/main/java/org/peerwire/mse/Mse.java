package org.peerwire.mse;

import org.peerwire.InfoHash;
import org.peerwire.wire.WireTransport;

/**
 * What the encrypted connections of one application have in common: the policy, the torrents, the
 * randomness, and how many keys may be computed for strangers. Any thread may use it, if the
 * torrents and the random source allow for that.
 *
 * <pre>{@code
 * Mse mse = new Mse(MseOptions.of(EncryptionPolicy.PREFER), torrents, secureRandom::nextBytes);
 *
 * WirePipe.run(channel, mse.accept(wire.transport()));              // someone dialled us
 * WirePipe.run(channel, mse.initiate(wire.transport(), infoHash));  // we dialled
 * }</pre>
 */
public final class Mse {
  private final MseOptions options;
  private final Torrents torrents;
  private final RandomSource random;
  private final HandshakeRate rate;

  /**
   * Encryption with these options.
   *
   * @param torrents what those who dial us may ask for
   */
  public Mse(MseOptions options, Torrents torrents, RandomSource random) {
    this.options = options;
    this.torrents = torrents;
    this.random = random;
    rate = new HandshakeRate(options.handshakesPerSecond());
  }

  /** The policy, the limits and the timeouts. */
  public MseOptions options() {
    return options;
  }

  /**
   * Puts encryption under a wire whose connection somebody else opened.
   *
   * @param wire not called by anyone else from now on
   */
  public MseTransport accept(WireTransport wire) {
    HandshakeOutput out = new HandshakeOutput();
    Scratch scratch = new Scratch();
    return new MseTransport(
        wire,
        options,
        random,
        out,
        scratch,
        isOff() ? null : new Acceptor(options, random, out, torrents, rate, scratch));
  }

  /**
   * Puts encryption under a wire whose connection we opened. If the wire's handshake is said by
   * then, it goes along with the answer to the peer's key.
   *
   * @param wire not called by anyone else from now on
   * @param infoHash the torrent, as in our handshake: the peer must have it
   */
  public MseTransport initiate(WireTransport wire, InfoHash infoHash) {
    HandshakeOutput out = new HandshakeOutput();
    Scratch scratch = new Scratch();
    return new MseTransport(
        wire,
        options,
        random,
        out,
        scratch,
        isOff() ? null : new Initiator(options, random, out, infoHash, wire, scratch));
  }

  private boolean isOff() {
    return options.policy() == EncryptionPolicy.OFF;
  }
}
