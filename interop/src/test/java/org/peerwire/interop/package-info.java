/**
 * peerwire against programs that others wrote. Real clients run as child processes on 127.0.0.1,
 * each in a folder of its own, and move data to and from the tool, which is a child process too.
 *
 * <p>{@link org.peerwire.interop.RealClient} drives a client, {@link org.peerwire.interop.Scene}
 * owns what a test started and shows what it said when the test fails, {@link
 * org.peerwire.interop.TestData} is what they move. {@code DriversIT} proves the drivers against
 * each other without peerwire, so that a failure elsewhere points at peerwire.
 */
@NullMarked
package org.peerwire.interop;

import org.jspecify.annotations.NullMarked;
