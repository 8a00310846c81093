/**
 * The blocking pipe: {@link WirePipe} moves the bytes between a wire and any {@link
 * java.nio.channels.ByteChannel} with the JDK alone, at home on a virtual thread; {@link
 * WirePipe#connect} and {@link WirePipe#accept} make the channels. {@link FileRegion} is a block
 * that lies in a file and leaves by sendfile.
 */
@NullMarked
package org.peerwire.channel;

import org.jspecify.annotations.NullMarked;
