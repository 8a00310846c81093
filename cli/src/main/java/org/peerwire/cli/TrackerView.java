package org.peerwire.cli;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.peerwire.SafeText;
import org.peerwire.swarm.tracker.TrackerStatus;
import org.peerwire.swarm.tracker.TrackerStatus.State;

/** How a tracker stands, for people and for programs. */
final class TrackerView {
  private TrackerView() {}

  static Json json(TrackerStatus tracker) {
    return Json.event("tracker")
        .put("url", tracker.url())
        .put("state", tracker.state().name().toLowerCase(Locale.ROOT))
        .put("seeders", known(tracker.seeders()))
        .put("leechers", known(tracker.leechers()))
        .put("peers", tracker.state() == State.WORKING ? tracker.peers() : null)
        .put("message", tracker.message().isEmpty() ? null : tracker.message());
  }

  private static @Nullable Long known(long count) {
    return count < 0 ? null : count;
  }

  /**
   * A line for people, if there is something new to say.
   *
   * @param before how it stood when it was last heard of
   */
  static Optional<String> line(TrackerStatus tracker, @Nullable TrackerStatus before) {
    boolean same =
        before != null
            && before.state() == tracker.state()
            && before.message().equals(tracker.message());
    if (same) {
      return Optional.empty();
    }
    String message = tracker.message().isEmpty() ? "" : ": " + SafeText.of(tracker.message());
    String url = SafeText.of(tracker.url(), 100);
    return Optional.of(
        tracker.state() == State.FAILED
            ? "tracker " + url + message
            : "tracker " + url + " names " + Text.count(tracker.peers(), "peer") + message);
  }
}
