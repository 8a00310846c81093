package org.peerwire.swarm.metainfo;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.peerwire.SafeText;

/**
 * Gives every file of a torrent a safe path that no other file has, also where case and Unicode
 * normal form do not count.
 *
 * <p>Paths are compared in a folded form and sorted by it, so that files which collide, and a file
 * that has the name of a folder, come to lie side by side: O(n log n) for any torrent, with no set
 * of all folders, which a hostile one could make far larger than itself.
 */
final class SafePaths {
  /**
   * The longest path, in bytes of UTF-8 with separators. Systems commonly allow 4,096 for an
   * absolute path; the rest is room for the output folder.
   */
  private static final int MAX_PATH_BYTES = 3_000;

  private final MetainfoOptions options;
  private final NameCache names = new NameCache();
  private boolean renamed;

  private SafePaths(MetainfoOptions options) {
    this.options = options;
  }

  /** The paths and whether any name had to be changed. */
  record Result(List<List<String>> paths, boolean renamed) {}

  /**
   * Paths for {@code files}, in their order.
   *
   * @param root safe names that go before each path
   */
  static Result assign(List<FileDraft> files, List<String> root, MetainfoOptions options)
      throws MetainfoException {
    return new SafePaths(options).assignAll(files, root);
  }

  private Result assignAll(List<FileDraft> files, List<String> root) throws MetainfoException {
    List<List<String>> paths = new ArrayList<>(files.size());
    List<Folded> written = new ArrayList<>(files.size());
    for (int i = 0; i < files.size(); i++) {
      List<String> path = safePath(files.get(i).rawPath, root);
      paths.add(path);
      if (files.get(i).isWritten()) {
        written.add(new Folded(i, path, fold(path)));
      }
    }
    Folded[] sorted = written.toArray(Folded[]::new);
    Arrays.sort(sorted, BY_PATH_THEN_INDEX);
    List<Folded> colliding = new ArrayList<>();
    for (int i = 0; i + 1 < sorted.length; i++) {
      Folded one = sorted[i];
      Folded next = sorted[i + 1];
      if (!startsWith(next.folded, one.folded)) {
        continue;
      }
      if (next.folded.size() > one.folded.size()) {
        throw new MetainfoException(
            MetainfoFault.PATH_CONFLICT, SafeText.of(String.join("/", one.path)));
      }
      colliding.add(next);
    }
    rename(colliding, sorted, paths);
    for (List<String> path : paths) {
      for (String name : path) {
        if (!SafeNames.isSafe(name)) {
          throw new MetainfoException(MetainfoFault.PATH);
        }
      }
    }
    return new Result(paths, renamed);
  }

  private List<String> safePath(List<String> raw, List<String> root) throws MetainfoException {
    if (raw.size() > options.maxPathDepth()) {
      throw new MetainfoException(MetainfoFault.PATH_DEPTH);
    }
    int bytes = 0;
    for (String name : raw) {
      bytes += SafeNames.utf8Length(name) + 1;
    }
    int maxBytes = SafeNames.MAX_BYTES;
    if (bytes > MAX_PATH_BYTES) {
      maxBytes = Math.max(32, Math.min(maxBytes, MAX_PATH_BYTES / raw.size() - 1));
    }
    String[] path = new String[root.size() + raw.size()];
    int at = 0;
    for (String name : root) {
      path[at++] = name;
    }
    for (String name : raw) {
      path[at] = names.share(SafeNames.safe(name, options.portableNames(), maxBytes));
      renamed |= !path[at].equals(name);
      at++;
    }
    return List.of(path);
  }

  private void rename(List<Folded> colliding, Folded[] sorted, List<List<String>> paths)
      throws MetainfoException {
    if (colliding.isEmpty()) {
      return;
    }
    if (colliding.size() > options.maxRenames()) {
      throw new MetainfoException(MetainfoFault.DUPLICATE_NAMES);
    }
    renamed = true;
    Set<List<String>> taken = new HashSet<>();
    List<String> previous = List.of();
    int number = 2;
    for (Folded file : colliding) {
      // Files that share a path lie side by side, and go on counting where the one before has found
      // its name.
      number = file.folded.equals(previous) ? number : 2;
      previous = file.folded;
      List<String> path;
      List<String> folded;
      do {
        path = numbered(file.path, number++);
        folded = fold(path);
      } while (isTaken(folded, sorted) || !taken.add(folded));
      paths.set(file.index, path);
    }
  }

  /** {@code name.ext} becomes {@code name (2).ext}. */
  private static List<String> numbered(List<String> path, int number) {
    String name = path.get(path.size() - 1);
    int dot = name.lastIndexOf('.');
    int at = dot > 0 ? dot : name.length();
    List<String> numbered = new ArrayList<>(path);
    numbered.set(path.size() - 1, name.substring(0, at) + " (" + number + ")" + name.substring(at));
    return List.copyOf(numbered);
  }

  /** Whether a file or a folder has this path. */
  private static boolean isTaken(List<String> folded, Folded[] sorted) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (compare(sorted[middle].folded, folded) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low < sorted.length && startsWith(sorted[low].folded, folded);
  }

  /** A file's path as it is and as it is compared. */
  private record Folded(int index, List<String> path, List<String> folded) {}

  private static final Comparator<Folded> BY_PATH_THEN_INDEX =
      (a, b) -> {
        int order = compare(a.folded, b.folded);
        return order != 0 ? order : Integer.compare(a.index, b.index);
      };

  /**
   * Element by element, so that everything inside a folder follows right after the folder's own
   * path.
   */
  private static int compare(List<String> a, List<String> b) {
    int common = Math.min(a.size(), b.size());
    for (int i = 0; i < common; i++) {
      int order = a.get(i).compareTo(b.get(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(a.size(), b.size());
  }

  private static boolean startsWith(List<String> path, List<String> prefix) {
    if (path.size() < prefix.size()) {
      return false;
    }
    // From the end, where paths in one folder differ.
    for (int i = prefix.size() - 1; i >= 0; i--) {
      if (!path.get(i).equals(prefix.get(i))) {
        return false;
      }
    }
    return true;
  }

  private List<String> fold(List<String> path) {
    String[] folded = new String[path.size()];
    boolean same = true;
    for (int i = 0; i < folded.length; i++) {
      folded[i] = names.share(fold(path.get(i)));
      same &= folded[i].equals(path.get(i));
    }
    return same ? path : List.of(folded);
  }

  /** Both ways through the case tables, as some letters meet only in one of them. */
  private static String fold(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (name.charAt(i) >= 0x80) {
        String composed = Normalizer.normalize(name, Normalizer.Form.NFC);
        String folded = composed.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
        return Normalizer.normalize(folded, Normalizer.Form.NFC);
      }
    }
    return name.toLowerCase(Locale.ROOT);
  }
}
