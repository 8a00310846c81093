/** Announces over sockets of this machine. */
@NullMarked
package org.peerwire.client.tracker;

import org.jspecify.annotations.NullMarked;
