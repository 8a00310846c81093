/**
 * Peers of the local network find each other by multicast (<a
 * href="https://www.bittorrent.org/beps/bep_0014.html">BEP 14</a>); what is said, when, and what is
 * heard; without I/O.
 *
 * <pre>
 *   LocalAnnounce  a datagram: which torrents, and at which port
 *   LocalSchedule  which torrents are to be announced now
 *   LocalHearing   which datagrams are read at all
 * </pre>
 *
 * <p>Anyone on the network may send anything in anyone's name: little is read, and of a peer only
 * its own address is believed.
 */
@NullMarked
package org.peerwire.swarm.local;

import org.jspecify.annotations.NullMarked;
