/**
 * What follows from who a peer is, as pure functions: the pieces it may request while choked
 * ({@link AllowedFast}), which connection to keep when there are too many ({@link PeerPriority}),
 * and what it calls itself ({@link PeerNames}).
 */
@NullMarked
package org.peerwire.peer;

import org.jspecify.annotations.NullMarked;
