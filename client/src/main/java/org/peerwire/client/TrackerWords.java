package org.peerwire.client;

import java.util.List;
import org.peerwire.swarm.Stall;
import org.peerwire.swarm.tracker.TrackerStatus;
import org.peerwire.swarm.tracker.TrackerStatus.State;

/** What trackers have to do with it that nothing moves. */
final class TrackerWords {
  private TrackerWords() {}

  /** To be added to the reason; empty if it is not about finding peers. */
  static String why(Stall stall, List<TrackerStatus> trackers) {
    boolean seeks =
        stall == Stall.NO_PEERS || stall == Stall.NOT_CONNECTED || stall == Stall.NO_SOURCE;
    if (!seeks || trackers.isEmpty()) {
      return "";
    }
    TrackerStatus failed = null;
    for (TrackerStatus tracker : trackers) {
      if (tracker.state() == State.WORKING) {
        return "; tracker " + tracker.url() + " names " + peers(tracker.peers());
      }
      if (tracker.state() == State.FAILED && failed == null) {
        failed = tracker;
      }
    }
    return failed == null
        ? "; a tracker is being asked"
        : "; tracker " + failed.url() + ": " + failed.message();
  }

  private static String peers(int count) {
    return count == 0 ? "no other peer" : count == 1 ? "1 peer" : count + " peers";
  }
}
