/**
 * Reaching a peer that can't be called, with the help of one that both are connected to (<a
 * href="https://www.bittorrent.org/beps/bep_0055.html">BEP 55</a>). {@link UtHolepunch} speaks the
 * messages; opening the uTP connections is the application's.
 */
@NullMarked
package org.peerwire.extension.holepunch;

import org.jspecify.annotations.NullMarked;
