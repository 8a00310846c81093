package org.peerwire.purity;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.peerwire.InfoHash;
import org.peerwire.purity.Purity.Finding;

class PurityTest {
  /** Adapters to what the JDK offers for I/O: the two rooms of core that may know of it. */
  private static final List<String> ADAPTERS = List.of("org.peerwire.channel", "org.peerwire.flow");

  private static final JavaClass IMPURE = imported(ImpureCode.class);

  @Test
  void coreTouchesNothingButWhatItIsGiven() {
    assertThat(Purity.moduleOf(InfoHash.class))
        .filteredOn(type -> !isAdapter(type))
        .isNotEmpty()
        .flatMap(Purity::complaintsAbout)
        .isEmpty();
  }

  @Test
  void coreDoesNotKnowItsAdapters() {
    assertThat(Purity.moduleOf(InfoHash.class))
        .filteredOn(type -> !isAdapter(type))
        .flatMap(JavaClass::getDirectDependenciesFromSelf)
        .filteredOn(dependency -> isAdapter(dependency.getTargetClass()))
        .isEmpty();
  }

  /** A rule that catches nothing would pass for ever: each line of each list has its sinner. */
  @ParameterizedTest
  @EnumSource
  void everyLineCatchesSomething(Impurity kind) {
    List<Finding> findings = findingsIn(kind);
    assertThat(kind.forbidden())
        .filteredOn(line -> findings.stream().noneMatch(found -> line.matches(found.target())))
        .as("lines that catch nothing")
        .isEmpty();
  }

  @Test
  void whatLooksLikeItButIsPurePasses() {
    assertThat(Purity.complaintsAbout(imported(ImpureCode.Pure.class))).isEmpty();
  }

  private static List<Finding> findingsIn(Impurity kind) {
    String method = "." + camelCase(kind) + "(";
    return Purity.findings(IMPURE).stream()
        .filter(finding -> finding.kind() == kind && finding.description().contains(method))
        .toList();
  }

  private static String camelCase(Impurity kind) {
    String[] words = kind.name().toLowerCase(Locale.ROOT).split("_", -1);
    StringBuilder name = new StringBuilder(words[0]);
    for (int i = 1; i < words.length; i++) {
      name.append(Character.toUpperCase(words[i].charAt(0))).append(words[i].substring(1));
    }
    return name.toString();
  }

  private static boolean isAdapter(JavaClass type) {
    String name = type.getPackageName();
    return ADAPTERS.stream().anyMatch(a -> name.equals(a) || name.startsWith(a + "."));
  }

  private static JavaClass imported(Class<?> type) {
    return new ClassFileImporter().importClass(type);
  }
}
