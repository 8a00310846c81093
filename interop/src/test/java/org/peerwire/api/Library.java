package org.peerwire.api;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.net.URISyntaxException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The modules that others build on. */
enum Library {
  CORE("core", "org.peerwire.InfoHash"),
  TESTKIT("testkit", "org.peerwire.testkit.WirePair"),
  NETTY("netty", "org.peerwire.netty.PeerWireHandler"),
  SWARM("swarm", "org.peerwire.swarm.Swarm"),
  CLIENT("client", "org.peerwire.client.Client");

  private final String folder;
  private final String member;

  Library(String folder, String member) {
    this.folder = folder;
    this.member = member;
  }

  /** Its folder in the repository, which is also its name in file names. */
  String folder() {
    return folder;
  }

  /** The repository. */
  static Path root() {
    return Path.of("..").toAbsolutePath().normalize();
  }

  /** The packages that it exports to everybody. */
  Set<String> packages() throws IOException {
    Set<String> packages = new TreeSet<>();
    try (InputStream bytes = Files.newInputStream(classes().resolve("module-info.class"))) {
      for (ModuleDescriptor.Exports each : ModuleDescriptor.read(bytes).exports()) {
        if (!each.isQualified()) {
          packages.add(each.source());
        }
      }
    }
    return packages;
  }

  /** All classes of a package, by name, nested ones included. */
  List<Class<?>> classesOf(String name) throws IOException {
    List<Class<?>> found = new ArrayList<>();
    try (Stream<Path> files = Files.list(classes().resolve(name.replace('.', '/')))) {
      for (Path path : files.sorted().toList()) {
        String file = path.getFileName().toString();
        if (file.endsWith(".class") && !file.equals("package-info.class")) {
          found.add(load(name + "." + file.substring(0, file.length() - ".class".length())));
        }
      }
    }
    return found;
  }

  /** A folder; in a jar, which stays open, if the build has come that far. */
  @SuppressWarnings("resource")
  private Path classes() throws IOException {
    try {
      Path place =
          Path.of(load(member).getProtectionDomain().getCodeSource().getLocation().toURI());
      return Files.isDirectory(place) ? place : FileSystems.newFileSystem(place).getPath("/");
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, Library.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }
}
