/**
 * Bounded bencode (<a href="https://www.bittorrent.org/beps/bep_0003.html">BEP 3</a>), for what
 * peers send and for files. It is written for hostile input: nothing recurses, a declared length
 * allocates nothing, and {@link BencodeLimits} bound everything else.
 *
 * <pre>{@code
 * BencodeDict handshake = Bencode.parsePrefix(payload, BencodeLimits.WIRE, LENIENT).rootDict();
 * OptionalLong port = handshake.integer("p");
 * BencodeDict ids = handshake.dict("m"); // null if absent or of another type
 *
 * byte[] bytes = new BencodeWriter().beginDict().put("p", 6881).put("v", "peerwire").end().toByteArray();
 * }</pre>
 *
 * <table>
 * <caption>You want ... look at ...</caption>
 * <tr><td>to read</td><td>{@link Bencode}, then {@link BencodeDict}</td></tr>
 * <tr><td>the original bytes of a value, or where it ends</td><td>{@link BencodeValue#span()}, {@link
 * BencodeDocument#end()}</td></tr>
 * <tr><td>to write</td><td>{@link BencodeWriter}</td></tr>
 * <tr><td>what can be wrong with the input</td><td>{@link BencodeFault}</td></tr>
 * </table>
 *
 * <p>Parsing gives no tree of objects but one flat array of offsets, a <em>tape</em>; values are
 * small views made when asked for, and hold the input itself. So the input must not be changed
 * while values of it are in use.
 */
@NullMarked
package org.peerwire.bencode;

import org.jspecify.annotations.NullMarked;
