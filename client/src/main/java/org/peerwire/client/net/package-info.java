/** How bytes get over the network. */
@NullMarked
package org.peerwire.client.net;

import org.jspecify.annotations.NullMarked;
