package org.peerwire.client.tracker;

import org.peerwire.IpAddress;
import org.peerwire.swarm.tracker.TrackerAnswer;

/**
 * A tracker's answer.
 *
 * @param answer what it said
 * @param from its address
 */
record Reply(TrackerAnswer answer, IpAddress from) {}
