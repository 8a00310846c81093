/** What the operating system gives. */
@NullMarked
package org.peerwire.client.system;

import org.jspecify.annotations.NullMarked;
