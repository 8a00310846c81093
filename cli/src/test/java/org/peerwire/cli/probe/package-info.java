/** Tests of the probe. */
@NullMarked
package org.peerwire.cli.probe;

import org.jspecify.annotations.NullMarked;
