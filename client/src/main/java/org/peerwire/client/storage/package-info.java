/**
 * How bytes get to the disk and back: verified before they count, inside the folder, and bounded.
 *
 * <pre>
 *   block -- {@link org.peerwire.client.storage.Intake} -- copies it, keeps its order, hashes --.
 *                                                                         |
 *   request -- region -- {@link org.peerwire.client.storage.Store} -- which file, where -- OpenFiles -- Folder -- disk
 *                                                                         |
 *   check -- {@link org.peerwire.client.storage.PieceCheck} -- reads and hashes what is there --'
 * </pre>
 *
 * <p>Only {@code Folder} opens anything, and it never follows a link: every element of a path is
 * looked at, so that nothing outside the folder is read or written, whatever lies in it.
 */
@NullMarked
package org.peerwire.client.storage;

import org.jspecify.annotations.NullMarked;
