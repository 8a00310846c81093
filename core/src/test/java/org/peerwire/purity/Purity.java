package org.peerwire.purity;

import com.tngtech.archunit.base.HasDescription;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.peerwire.purity.Impurity.Target;

/** Holds compiled classes against what {@link Impurity} lists. */
public final class Purity {
  private Purity() {}

  /**
   * The compiled classes of the module that {@code member} is in, without its tests.
   *
   * @throws AssertionError if there are none: a check of nothing would always pass
   */
  public static JavaClasses moduleOf(Class<?> member) {
    JavaClasses classes = new ClassFileImporter().importPath(folderOf(member));
    if (classes.isEmpty() || !classes.contain(member)) {
      throw new AssertionError("found no compiled classes beside " + member);
    }
    return classes;
  }

  /**
   * Each impure thing that {@code type} does or names, as a sentence with its place in the source.
   */
  public static List<String> complaintsAbout(JavaClass type) {
    return findings(type).stream().map(Finding::toString).distinct().sorted().toList();
  }

  static List<Finding> findings(JavaClass type) {
    List<Finding> findings = new ArrayList<>();
    for (JavaAccess<?> access : type.getAccessesFromSelf()) {
      String member = memberOf(access.getTarget());
      judge(new Target(access.getTargetOwner().getName(), member), access, findings);
      // The class that declares it, where the code names a subclass.
      access
          .getTarget()
          .resolveMember()
          .filter(resolved -> !resolved.getOwner().equals(access.getTargetOwner()))
          .ifPresent(
              resolved ->
                  judge(new Target(resolved.getOwner().getName(), member), access, findings));
    }
    // What an access doesn't show: signatures, fields, supertypes, casts, class literals, caught
    // exceptions.
    for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
      String name = dependency.getTargetClass().getBaseComponentType().getName();
      judge(Target.type(name), dependency, findings);
    }
    return findings;
  }

  private static void judge(Target target, HasDescription where, List<Finding> findings) {
    for (Impurity kind : Impurity.values()) {
      if (kind.forbids(target)) {
        findings.add(new Finding(kind, target, where.getDescription()));
      }
    }
  }

  private static String memberOf(AccessTarget target) {
    if (target instanceof AccessTarget.CodeUnitAccessTarget codeUnit) {
      return codeUnit.getRawParameterTypes().stream()
          .map(JavaClass::getName)
          .collect(Collectors.joining(",", codeUnit.getName() + "(", ")"));
    }
    return target.getName();
  }

  private static Path folderOf(Class<?> member) {
    try {
      return Path.of(member.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  /** One breach of one kind. */
  record Finding(Impurity kind, Target target, String description) {
    @Override
    public String toString() {
      return kind + ": " + description;
    }
  }
}
