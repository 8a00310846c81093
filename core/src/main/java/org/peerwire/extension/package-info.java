/**
 * The words of the extension protocol (<a href="https://www.bittorrent.org/beps/bep_0010.html">BEP
 * 10</a>): {@link org.peerwire.extension.ExtensionHandshake}, in which a side says which extensions
 * it speaks and what else there is to know about it.
 *
 * <p>Each extension lives in a package of its own beside this one and builds on {@link
 * org.peerwire.wire.Extension}, as those of an application do:
 *
 * <table>
 * <caption>You want ... look at ...</caption>
 * <tr><td>the info dictionary of a magnet link</td><td>{@code .metadata}</td></tr>
 * <tr><td>more peers</td><td>{@code .pex}</td></tr>
 * <tr><td>to take back that you have a piece</td><td>{@code .donthave}</td></tr>
 * <tr><td>to tell that you download nothing</td><td>{@code .uploadonly}</td></tr>
 * <tr><td>to reach a peer behind a NAT</td><td>{@code .holepunch}</td></tr>
 * <tr><td>one of your own</td><td>{@link org.peerwire.wire.Extension}</td></tr>
 * </table>
 */
@NullMarked
package org.peerwire.extension;

import org.jspecify.annotations.NullMarked;
