/**
 * The command line: one class a command, and what they share. {@link org.peerwire.cli.Main#run} is
 * the tool without a process around it; results, complaints and the exit code come back to the
 * caller, so that tests can run it.
 *
 * <p>Whatever is printed goes through {@link org.peerwire.cli.Console}, which lets no control
 * character through, wherever a text came from.
 */
@NullMarked
package org.peerwire.cli;

import org.jspecify.annotations.NullMarked;
