/** Beside the model: what its README shows, line by line, as tests of this library. */
@NullMarked
package org.peerwire.model;

import org.jspecify.annotations.NullMarked;
