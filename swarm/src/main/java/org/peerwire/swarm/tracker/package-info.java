/**
 * What is said to trackers, and when; without I/O.
 *
 * <pre>
 *   Announcer      whom to ask next, with which event     tiers, intervals, retries
 *   HttpAnnounce   an announce as an address; the answer  BEP 3, 7, 23, 24
 *   UdpAnnounce    an announce as packets; the answer     BEP 15, 41
 *   TrackerAddress where a tracker is, and whether it may be asked
 *   TrackerPeers   which of the peers in an answer are believed
 * </pre>
 *
 * <p>Everything that a tracker says is a stranger's word: bounded when it is read, and escaped when
 * it is shown.
 */
@NullMarked
package org.peerwire.swarm.tracker;

import org.jspecify.annotations.NullMarked;
