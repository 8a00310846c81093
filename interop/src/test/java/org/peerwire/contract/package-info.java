/** What holds for every adapter: the same script gives the same events. */
@NullMarked
package org.peerwire.contract;

import org.jspecify.annotations.NullMarked;
