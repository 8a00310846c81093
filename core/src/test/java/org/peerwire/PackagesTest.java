package org.peerwire;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.peerwire.purity.Purity;

/** Arrows between the packages of core go one way. */
class PackagesTest {
  private static final String EXTENSIONS = "org.peerwire.extension.";
  private static final JavaClasses CORE = Purity.moduleOf(InfoHash.class);

  @Test
  void noCycles() {
    slices().matching("org.peerwire.(**)").should().beFreeOfCycles().check(CORE);
  }

  /** The rooms that ARCHITECTURE.md shows are those that others may enter. */
  @Test
  void whatIsExportedIsDocumented() throws Exception {
    Path classes =
        Path.of(InfoHash.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Set<String> rooms = new TreeSet<>();
    Set<String> extensions = new TreeSet<>();
    try (InputStream bytes = Files.newInputStream(classes.resolve("module-info.class"))) {
      for (ModuleDescriptor.Exports each : ModuleDescriptor.read(bytes).exports()) {
        boolean below = each.source().startsWith(EXTENSIONS);
        (below ? extensions : rooms).add(each.source());
      }
    }
    String page = Files.readString(Path.of("../ARCHITECTURE.md"));
    int start = page.indexOf("### The rooms of core");
    String section = page.substring(start, page.indexOf("\n## ", start));
    Set<String> shown =
        Pattern.compile("^ {4}(org\\.peerwire[a-z.]*) +\\S", Pattern.MULTILINE)
            .matcher(section)
            .results()
            .map(room -> room.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(shown).isEqualTo(rooms);
    // Those of the extensions are told by their last names.
    assertThat(extensions)
        .hasSizeGreaterThan(4)
        .allMatch(room -> section.contains(room.substring(EXTENSIONS.length())));
  }

  /** What the wire needs of extensions is their handshake; it knows none of them. */
  @Test
  void theWireKnowsNoExtension() {
    assertThat(CORE)
        .filteredOn(type -> type.getPackageName().equals("org.peerwire.wire"))
        .isNotEmpty()
        .flatMap(JavaClass::getDirectDependenciesFromSelf)
        .extracting(dependency -> dependency.getTargetClass().getPackageName())
        .noneMatch(name -> name.startsWith("org.peerwire.extension."));
  }
}
