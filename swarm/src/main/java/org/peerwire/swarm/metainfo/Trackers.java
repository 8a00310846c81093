package org.peerwire.swarm.metainfo;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.peerwire.bencode.BencodeDict;
import org.peerwire.bencode.BencodeList;
import org.peerwire.bencode.BencodeString;
import org.peerwire.bencode.BencodeValue;

/** Collects announce addresses: those that can be spoken to, each once, and not too many. */
final class Trackers {
  private static final int MAX = 100;
  private static final int MAX_CHARS = 2_048;

  private final List<List<String>> tiers = new ArrayList<>();
  private final Set<String> seen = new HashSet<>();
  private boolean skipped;

  /**
   * The tiers of <a href="https://www.bittorrent.org/beps/bep_0012.html">BEP 12</a>, or the one
   * address of BEP 3.
   */
  static Trackers of(BencodeDict torrent) {
    Trackers trackers = new Trackers();
    BencodeList list = torrent.list("announce-list");
    if (list != null) {
      for (BencodeValue value : list) {
        trackers.addTier(value);
      }
    }
    if (trackers.tiers.isEmpty()) {
      trackers.add(torrent.text("announce"), trackers.newTier());
    }
    trackers.tiers.removeIf(List::isEmpty);
    return trackers;
  }

  private void addTier(BencodeValue value) {
    List<String> tier = new ArrayList<>();
    if (value instanceof BencodeList list) {
      for (BencodeValue url : list) {
        add(url instanceof BencodeString string ? string.text() : null, tier);
      }
    } else if (value instanceof BencodeString string) {
      // Not what the BEP says, and common.
      add(string.text(), tier);
    }
    if (!tier.isEmpty()) {
      tiers.add(tier);
    }
  }

  private List<String> newTier() {
    List<String> tier = new ArrayList<>();
    tiers.add(tier);
    return tier;
  }

  private void add(@Nullable String url, List<String> tier) {
    if (url == null || url.isEmpty()) {
      return;
    }
    if (seen.size() == MAX || !isUsable(url)) {
      skipped = true;
    } else if (seen.add(url)) {
      tier.add(url);
    }
  }

  List<List<String>> tiers() {
    return tiers.stream().map(List::copyOf).toList();
  }

  boolean skipped() {
    return skipped;
  }

  /**
   * Whether an address is of a kind that trackers have, and has nothing in it that no address has.
   */
  static boolean isUsable(String url) {
    if (url.length() > MAX_CHARS || url.chars().anyMatch(c -> c <= ' ' || c >= 0x7F)) {
      return false;
    }
    String lower = url.toLowerCase(Locale.ROOT);
    return lower.startsWith("http://")
        || lower.startsWith("https://")
        || lower.startsWith("udp://");
  }
}
