/** The blocking pipe over real sockets and pipes. */
@NullMarked
package org.peerwire.channel;

import org.jspecify.annotations.NullMarked;
