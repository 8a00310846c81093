package org.peerwire.extension.uploadonly;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.peerwire.Violation;
import org.peerwire.extension.ExtensionHandshake;
import org.peerwire.wire.Extension;

/**
 * {@code upload_only} on one wire (<a href="https://www.bittorrent.org/beps/bep_0021.html">BEP
 * 21</a>): whether a side downloads nothing, as a seed or because it wants no more. It is said in
 * the extension handshake; a change is told by a message of one byte, or by another handshake to a
 * peer that does not speak that message.
 */
public final class UploadOnly extends Extension {
  private final Listener listener;
  private boolean ours;
  private boolean peers;

  /** What the peer's handshakes said last: a later one that is about something else repeats it. */
  private @Nullable Boolean handshakeSaid;

  /** Hears when the peer changes its mind. */
  @FunctionalInterface
  public interface Listener {
    /** The peer downloads nothing any more, or does so again. */
    void onUploadOnly(UploadOnly extension, boolean uploadOnly);
  }

  /**
   * Says at first that we download.
   *
   * @param listener hears of the peer
   */
  public UploadOnly(Listener listener) {
    super("upload_only");
    this.listener = listener;
  }

  /** Says at first that we download, and hears nothing; {@link #isPeerUploadOnly} tells. */
  public UploadOnly() {
    this((extension, uploadOnly) -> {});
  }

  /** Whether we told that we download nothing. */
  public boolean isUploadOnly() {
    return ours;
  }

  /** Whether the peer told that it downloads nothing. */
  public boolean isPeerUploadOnly() {
    return peers;
  }

  /** Tells whether we download nothing. Nothing is sent if it is what the peer knows. */
  public void uploadOnly(boolean value) {
    if (ours == value) {
      return;
    }
    ours = value;
    if (!send(ByteBuffer.wrap(new byte[] {(byte) (value ? 1 : 0)}))) {
      describeAgain();
    }
  }

  @Override
  protected void describe(ExtensionHandshake.Builder handshake) {
    handshake.uploadOnly(ours);
  }

  @Override
  protected void onHandshake(ExtensionHandshake peer) {
    Boolean said = peer.uploadOnly();
    if (said != null && !said.equals(handshakeSaid)) {
      handshakeSaid = said;
      peerSaid(said);
    }
  }

  @Override
  protected void onMessage(ByteBuffer payload) {
    if (payload.remaining() == 1) {
      peerSaid(payload.get() != 0);
    } else {
      tolerates(Violation.EXTENSION_MALFORMED, "upload_only of " + payload.remaining() + " bytes");
    }
  }

  private void peerSaid(boolean value) {
    if (peers != value) {
      peers = value;
      listener.onUploadOnly(this, value);
    }
  }
}
