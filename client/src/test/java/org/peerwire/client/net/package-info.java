/** Tests of the network. */
@NullMarked
package org.peerwire.client.net;

import org.jspecify.annotations.NullMarked;
