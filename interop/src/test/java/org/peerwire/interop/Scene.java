package org.peerwire.interop;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * What one test started: its folder, its processes, its servers. All of it ends with the test, last
 * started first; when the test failed, what the processes said is shown.
 */
final class Scene implements AutoCloseable {
  /** What ends with the scene, whatever state it is in. */
  interface Belonging extends AutoCloseable {
    @Override
    void close();
  }

  private final Path folder;
  private final List<Belonging> belongings = new ArrayList<>();
  private final List<ChildProcess> children = new ArrayList<>();
  private int folders;

  Scene(Path folder) {
    this.folder = folder;
  }

  /** A new, empty folder. */
  Path newFolder(String name) throws IOException {
    folders++;
    return Files.createDirectories(folder.resolve(folders + "-" + name));
  }

  /** A file of the test's resources as a file on disk. */
  Path resource(String name) throws IOException {
    Path target = newFolder("resource").resolve(name);
    try (InputStream source = Scene.class.getResourceAsStream(name)) {
      if (source == null) {
        throw new IllegalArgumentException("no resource " + name);
      }
      Files.copy(source, target);
    }
    return target;
  }

  ChildProcess start(
      String name,
      Path in,
      List<String> command,
      Predicate<String> onOutput,
      Predicate<String> onError)
      throws IOException {
    ChildProcess child = ChildProcess.start(name, in, command, Map.of(), onOutput, onError);
    children.add(child);
    belongings.add(child);
    return child;
  }

  <T extends Belonging> T own(T belonging) {
    belongings.add(belonging);
    return belonging;
  }

  /** Something worth seeing, failed or not. */
  void note(String text) {
    System.out.println("    " + text);
  }

  void showOutput() {
    for (ChildProcess child : children) {
      System.out.println(child.tail());
    }
  }

  @Override
  public void close() throws IOException {
    for (int i = belongings.size() - 1; i >= 0; i--) {
      belongings.get(i).close();
    }
    deleteAll(folder);
  }

  static void deleteAll(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> all = Files.walk(root)) {
      all.sorted(Comparator.reverseOrder())
          .forEach(
              path -> {
                try {
                  Files.delete(path);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
  }

  /** Gives a test its scene and clears it away: {@code @ExtendWith(Scene.Extension.class)}. */
  static final class Extension implements ParameterResolver, AfterEachCallback {
    private static final Namespace NAMESPACE = Namespace.create(Scene.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == Scene.class;
    }

    @Override
    public Scene resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return context
          .getStore(NAMESPACE)
          .computeIfAbsent(
              Scene.class,
              key -> {
                try {
                  return new Scene(Files.createTempDirectory("peerwire-interop-"));
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              },
              Scene.class);
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
      Scene scene = context.getStore(NAMESPACE).remove(Scene.class, Scene.class);
      if (scene == null) {
        return;
      }
      boolean failed =
          context
              .getExecutionException()
              .filter(e -> !(e instanceof org.opentest4j.TestAbortedException))
              .isPresent();
      if (failed) {
        System.out.println("=== " + context.getDisplayName() + " failed; its processes said:");
        scene.showOutput();
      }
      scene.close();
    }
  }
}
