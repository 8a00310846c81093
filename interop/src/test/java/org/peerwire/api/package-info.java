/** What a user of the modules can see: kept as text, and documented. */
@NullMarked
package org.peerwire.api;

import org.jspecify.annotations.NullMarked;
