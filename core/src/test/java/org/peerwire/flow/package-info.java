/** The wire as Flow: the Reactive Streams TCK, and what it does not ask. */
@NullMarked
package org.peerwire.flow;

import org.jspecify.annotations.NullMarked;
