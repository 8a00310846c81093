package org.peerwire.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever a module exports has a comment. Not asked for is one on what overrides, and on the parts
 * of a record, which the record's own may tell of.
 */
class JavadocTest {
  @ParameterizedTest
  @EnumSource
  void isThereForAllThatIsExported(Library library) throws IOException {
    List<Path> sources = new ArrayList<>();
    for (String name : library.packages()) {
      Path folder =
          Library.root()
              .resolve(library.folder())
              .resolve("src/main/java")
              .resolve(name.replace('.', '/'));
      try (Stream<Path> files = Files.list(folder)) {
        files.filter(file -> file.toString().endsWith(".java")).sorted().forEach(sources::add);
      }
    }
    Undocumented found = new Undocumented();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, files, null, List.of(), null, files.getJavaFileObjectsFromPaths(sources));
      found.trees = DocTrees.instance(task);
      for (CompilationUnitTree unit : task.parse()) {
        found.scan(unit, null);
      }
    }
    assertThat(found.looked).isGreaterThan(10);
    assertThat(found.names).isEmpty();
  }

  private static final class Undocumented extends TreePathScanner<@Nullable Void, @Nullable Void> {
    final List<String> names = new ArrayList<>();
    int looked;
    @Nullable DocTrees trees;

    @Override
    public @Nullable Void visitClass(ClassTree type, @Nullable Void nothing) {
      boolean inInterface =
          getCurrentPath().getParentPath().getLeaf() instanceof ClassTree outer
              && outer.getKind() == Tree.Kind.INTERFACE;
      if (!inInterface && !isVisible(type.getModifiers())) {
        return null;
      }
      look(type.getSimpleName().toString());
      for (Tree member : type.getMembers()) {
        if (member instanceof ClassTree || isMember(type, member)) {
          scan(member, null);
        }
      }
      return null;
    }

    @Override
    public @Nullable Void visitMethod(MethodTree method, @Nullable Void nothing) {
      look(method.getName().toString());
      return null;
    }

    @Override
    public @Nullable Void visitVariable(VariableTree field, @Nullable Void nothing) {
      look(field.getName().toString());
      return null;
    }

    /** Members of an interface are public without saying so; so are the constants of an enum. */
    private boolean isMember(ClassTree type, Tree member) {
      if (member instanceof MethodTree method) {
        return isVisibleIn(type, method.getModifiers())
            && !overrides(method.getModifiers())
            && !isOfRecord(type, method);
      }
      return member instanceof VariableTree field && isVisibleIn(type, field.getModifiers());
    }

    private boolean isOfRecord(ClassTree type, MethodTree method) {
      return type.getKind() == Tree.Kind.RECORD && method.getReturnType() == null;
    }

    private void look(String name) {
      DocTrees docs = trees;
      if (docs == null) {
        throw new IllegalStateException();
      }
      looked++;
      if (docs.getDocComment(getCurrentPath()) == null) {
        CompilationUnitTree unit = getCurrentPath().getCompilationUnit();
        long at = docs.getSourcePositions().getStartPosition(unit, getCurrentPath().getLeaf());
        names.add(
            unit.getSourceFile().getName()
                + ":"
                + unit.getLineMap().getLineNumber(at)
                + " "
                + name);
      }
    }

    private static boolean isVisibleIn(ClassTree type, ModifiersTree modifiers) {
      return type.getKind() == Tree.Kind.INTERFACE
          ? !modifiers.getFlags().contains(Modifier.PRIVATE)
          : isVisible(modifiers);
    }

    private static boolean isVisible(ModifiersTree modifiers) {
      return modifiers.getFlags().contains(Modifier.PUBLIC)
          || modifiers.getFlags().contains(Modifier.PROTECTED);
    }

    private static boolean overrides(ModifiersTree modifiers) {
      return modifiers.getAnnotations().stream()
          .anyMatch(each -> each.getAnnotationType().toString().equals("Override"));
    }
  }
}
