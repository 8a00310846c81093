/** Files of a torrent on real and on pretended disks. */
@NullMarked
package org.peerwire.client.storage;

import org.jspecify.annotations.NullMarked;
