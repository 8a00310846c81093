/**
 * What follows from the address of a peer, as pure functions: the pieces it may request while
 * choked ({@link AllowedFast}), and which connection to keep when there are too many ({@link
 * PeerPriority}).
 */
@NullMarked
package org.peerwire.peer;

import org.jspecify.annotations.NullMarked;
