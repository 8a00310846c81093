/** How bytes get to the disk: verified before they count, inside the folder, and bounded. */
@NullMarked
package org.peerwire.client.storage;

import org.jspecify.annotations.NullMarked;
