/**
 * The proof that the protocol does no I/O: the rules that the compiled classes of core and swarm
 * are held against.
 *
 * <table>
 * <caption>You want ... look at ...</caption>
 * <tr><td>what is forbidden, and why</td><td>{@link Impurity}</td></tr>
 * <tr><td>to check the classes of a module</td><td>{@link Purity}</td></tr>
 * <tr><td>to see each rule catch something</td><td>{@link ImpureCode}</td></tr>
 * </table>
 */
@NullMarked
package org.peerwire.purity;

import org.jspecify.annotations.NullMarked;
