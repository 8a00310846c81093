package org.peerwire.purity;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.ClassReader;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.ClassVisitor;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.MethodVisitor;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.Opcodes;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.peerwire.InfoHash;

/** Who waits inside of a {@code synchronized} pins a virtual thread, on the JDKs before 24. */
class NoMonitorTest {
  @Test
  void coreHasNoMonitor() throws IOException {
    List<JavaClass> classes = new ArrayList<>(Purity.moduleOf(InfoHash.class));
    assertThat(classes).isNotEmpty();
    for (JavaClass type : classes) {
      assertThat(monitorsOf(type.reflect())).as(type.getName()).isEmpty();
      assertThat(type.getMethods())
          .noneMatch(method -> method.getModifiers().contains(JavaModifier.SYNCHRONIZED));
    }
  }

  @Test
  void oneWouldBeFound() throws IOException {
    assertThat(monitorsOf(Sinner.class)).containsExactly("sin");
  }

  private static List<String> monitorsOf(Class<?> type) throws IOException {
    List<String> methods = new ArrayList<>();
    String file = type.getName().substring(type.getName().lastIndexOf('.') + 1) + ".class";
    try (InputStream bytes = type.getResourceAsStream(file)) {
      new ClassReader(bytes)
          .accept(
              new ClassVisitor(Opcodes.ASM9) {
                @Override
                public MethodVisitor visitMethod(
                    int access,
                    String name,
                    String descriptor,
                    @Nullable String signature,
                    String @Nullable [] exceptions) {
                  return new MethodVisitor(Opcodes.ASM9) {
                    @Override
                    public void visitInsn(int opcode) {
                      if (opcode == Opcodes.MONITORENTER) {
                        methods.add(name);
                      }
                    }
                  };
                }
              },
              0);
    }
    return methods;
  }

  private static final class Sinner {
    @SuppressWarnings("unused") // looked at, not run
    int sin(Object lock) {
      synchronized (lock) {
        return lock.hashCode();
      }
    }
  }
}
