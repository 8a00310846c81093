/**
 * Asks one peer what it is: connects, shakes hands, watches for a few seconds, and reports what was
 * seen. A report holds what the other side said as it said it; whoever shows it escapes it.
 */
@NullMarked
package org.peerwire.cli.probe;

import org.jspecify.annotations.NullMarked;
