/**
 * Taking back that one has a piece (<a href="https://www.bittorrent.org/beps/bep_0054.html">BEP
 * 54</a>): {@link org.peerwire.extension.donthave.DontHave}.
 */
@NullMarked
package org.peerwire.extension.donthave;

import org.jspecify.annotations.NullMarked;
