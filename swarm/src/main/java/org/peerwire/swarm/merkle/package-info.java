/**
 * The SHA-256 trees of v2 files (<a href="https://www.bittorrent.org/beps/bep_0052.html">BEP
 * 52</a>).
 *
 * <pre>
 *   layer 2            root
 *   layer 1       *           *         a tree of 3 leaves: the 4th is 32 zero bytes
 *   layer 0    leaf  leaf  leaf  pad
 * </pre>
 *
 * <p>A leaf is the SHA-256 of 16 KiB of the file, the last one of what is left. Layers are counted
 * from the leaves. What a tree looks like follows from the length of its file, as {@link
 * org.peerwire.swarm.merkle.TreeShape} says, and from nothing that a peer says: a node and a leaf
 * of 64 bytes have the same hash, and only the place tells them apart.
 *
 * <table>
 * <caption>You want ... look at ...</caption>
 * <tr><td>to hash data</td><td>{@link org.peerwire.swarm.merkle.TreeDigest}</td></tr>
 * <tr><td>to keep the upper layers of a file</td><td>{@link org.peerwire.swarm.merkle.HashTree}</td></tr>
 * <tr><td>to check hashes that a peer sent</td><td>{@link org.peerwire.swarm.merkle.HashProof}</td></tr>
 * <tr><td>to tell a wrong block of a piece</td><td>{@link
 *     org.peerwire.swarm.merkle.PieceLeaves}</td></tr>
 * <tr><td>to get piece layers from peers</td><td>{@link
 *     org.peerwire.swarm.merkle.LayerFetch}</td></tr>
 * </table>
 */
@NullMarked
package org.peerwire.swarm.merkle;

import org.jspecify.annotations.NullMarked;
