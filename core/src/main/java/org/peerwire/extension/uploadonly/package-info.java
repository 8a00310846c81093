/**
 * Telling that one downloads nothing (<a href="https://www.bittorrent.org/beps/bep_0021.html">BEP
 * 21</a>): {@link org.peerwire.extension.uploadonly.UploadOnly}.
 */
@NullMarked
package org.peerwire.extension.uploadonly;

import org.jspecify.annotations.NullMarked;
