/** The testkit itself. */
@NullMarked
package org.peerwire.testkit;

import org.jspecify.annotations.NullMarked;
