/**
 * Bytes to frames and back: the one place that knows how bytes become a message, and the one that
 * knows the reverse.
 *
 * <p>{@link FrameReader} turns bytes into calls on a {@link FrameSink}; {@link FrameWriter} is a
 * {@link FrameSink} that turns the same calls back into bytes, which wait in an {@link Outbox}.
 * Both know lengths and fields and no rules. {@link Message} is the same thing as values, for tests
 * and for people who prefer to {@code switch}.
 */
@NullMarked
package org.peerwire.frame;

import org.jspecify.annotations.NullMarked;
