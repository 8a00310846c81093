/**
 * The Netty handler: on an embedded channel in virtual time, over real sockets, and without a leak.
 */
@NullMarked
package org.peerwire.netty;

import org.jspecify.annotations.NullMarked;
