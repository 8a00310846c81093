/** What the operating system gives the process. */
@NullMarked
package org.peerwire.client.system;

import org.jspecify.annotations.NullMarked;
