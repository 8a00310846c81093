/**
 * The info dictionary of a torrent from its peers, which is how a magnet link becomes a torrent (<a
 * href="https://www.bittorrent.org/beps/bep_0009.html">BEP 9</a>).
 *
 * <pre>{@code
 * MetadataFetch fetch = MetadataFetch.sha1(infoHash, info -> ...);
 * wire.use(new UtMetadata(fetch)); // on each wire of the torrent
 *
 * wire.use(new UtMetadata()).serve(info); // or the other role
 * }</pre>
 *
 * <p>{@link UtMetadata} is what one wire speaks, in both roles. {@link MetadataFetch} asks the
 * peers of many, believes none of them until the hash is right, and names the one that lied.
 * Inside: {@code Source} is one peer as the fetch sees it, {@code Attempt} the blocks of one try.
 */
@NullMarked
package org.peerwire.extension.metadata;

import org.jspecify.annotations.NullMarked;
