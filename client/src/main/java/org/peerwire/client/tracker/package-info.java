/**
 * Asks trackers, over HTTP(S) and UDP. What is said, to whom and when, is decided in {@code
 * org.peerwire.swarm.tracker}; here is what moves it.
 *
 * <pre>
 *   Announcing     the trackers of one torrent, from the first announce to the farewell
 *   TrackerClient  one announce: looks the host up, checks it, and asks it over
 *   HttpAsk        ... HTTP(S), redirects followed with care, or
 *   UdpSocket      ... UDP, one socket for all
 * </pre>
 */
@NullMarked
package org.peerwire.client.tracker;

import org.jspecify.annotations.NullMarked;
