/** Tests of the tool, run inside this process. */
@NullMarked
package org.peerwire.cli;

import org.jspecify.annotations.NullMarked;
