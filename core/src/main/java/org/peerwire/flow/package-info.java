/**
 * The wire as {@link java.util.concurrent.Flow}: bytes of the peer in, bytes for the peer out, with
 * back-pressure both ways, and the peer's messages as values.
 *
 * <pre>{@code
 * WireProcessor processor = new WireProcessor(wire);
 * processor.messages().subscribe(subscriber);    // if messages are wanted as values
 * source.subscribe(processor);                   // from the peer
 * processor.subscribe(sink);                     // to the peer
 * }</pre>
 *
 * <p>Inside: {@code Loop} lets one thread at a time do what is to be done, {@code Demand} counts,
 * {@code Inlet} is the side that asks, {@code Outlet} the side that is asked.
 */
@NullMarked
package org.peerwire.flow;

import org.jspecify.annotations.NullMarked;
