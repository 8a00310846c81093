package org.peerwire.cases;

import java.util.List;
import org.peerwire.Profile;
import org.peerwire.testkit.Cutter;

/** In which profile a case runs, and how what the peer says is cut into reads. */
record Way(Profile profile, boolean everyByte) {
  static List<Way> all() {
    return List.of(
        new Way(Profile.INTEROP, false),
        new Way(Profile.INTEROP, true),
        new Way(Profile.STRICT, false),
        new Way(Profile.STRICT, true));
  }

  boolean strict() {
    return profile == Profile.STRICT;
  }

  Cutter cutter() {
    return everyByte ? Cutter.everyByte() : Cutter.whole();
  }

  @Override
  public String toString() {
    return profile + (everyByte ? ", byte by byte" : ", whole");
  }
}
