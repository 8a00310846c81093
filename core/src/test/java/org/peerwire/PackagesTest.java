package org.peerwire;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import org.junit.jupiter.api.Test;
import org.peerwire.purity.Purity;

/** Arrows between the packages of core go one way. */
class PackagesTest {
  private static final JavaClasses CORE = Purity.moduleOf(InfoHash.class);

  @Test
  void noCycles() {
    slices().matching("org.peerwire.(**)").should().beFreeOfCycles().check(CORE);
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
