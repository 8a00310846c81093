package org.peerwire.api;

import java.io.IOException;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What others can see of a class, a line each, in an order that does not depend on the compiler.
 */
final class Signatures {
  private static final int SHOWN =
      Modifier.PUBLIC | Modifier.PROTECTED | Modifier.STATIC | Modifier.FINAL | Modifier.ABSTRACT;

  private Signatures() {}

  static List<String> of(Library library) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String name : library.packages()) {
      lines.add("package " + name);
      for (Class<?> type : library.classesOf(name)) {
        if (isVisible(type)) {
          lines.add("  " + header(type));
          members(type).forEach(member -> lines.add("    " + member));
        }
      }
    }
    return lines;
  }

  static boolean isVisible(Class<?> type) {
    if (type.isAnonymousClass() || type.isLocalClass() || !isVisible(type.getModifiers())) {
      return false;
    }
    Class<?> outer = type.getDeclaringClass();
    return outer == null || isVisible(outer);
  }

  private static boolean isVisible(int modifiers) {
    return (modifiers & (Modifier.PUBLIC | Modifier.PROTECTED)) != 0;
  }

  private static String header(Class<?> type) {
    StringBuilder line = new StringBuilder(modifiers(type.getModifiers()));
    if (type.isSealed()) {
      line.append("sealed ");
    }
    line.append(kind(type))
        .append(' ')
        .append(name(type))
        .append(variables(type.getTypeParameters()));
    if (type.isRecord()) {
      line.append(
          Arrays.stream(type.getRecordComponents())
              .map(part -> type(part.getAnnotatedType()) + " " + part.getName())
              .collect(Collectors.joining(", ", "(", ")")));
    }
    Class<?> above = type.getSuperclass();
    if (above != null && !type.isEnum() && !type.isRecord() && !above.equals(Object.class)) {
      line.append(" extends ").append(name(type.getGenericSuperclass()));
    }
    String interfaces =
        Arrays.stream(type.getGenericInterfaces())
            .map(Signatures::name)
            .sorted()
            .collect(Collectors.joining(", "));
    if (!interfaces.isEmpty()) {
      line.append(type.isInterface() ? " extends " : " implements ").append(interfaces);
    }
    return line.toString();
  }

  private static String kind(Class<?> type) {
    if (type.isAnnotation()) {
      return "@interface";
    }
    return type.isInterface()
        ? "interface"
        : type.isEnum() ? "enum" : type.isRecord() ? "record" : "class";
  }

  private static SortedSet<String> members(Class<?> type) {
    SortedSet<String> members = new TreeSet<>();
    // What a base class that is not visible itself declares is seen here.
    for (Class<?> at = type; at != null; at = hiddenBaseOf(at)) {
      for (Field field : at.getDeclaredFields()) {
        if (isVisible(field.getModifiers()) && !field.isSynthetic()) {
          members.add(field(field));
        }
      }
      for (Method method : at.getDeclaredMethods()) {
        if (isVisible(method.getModifiers()) && !method.isSynthetic() && !isGiven(type, method)) {
          members.add(method(method));
        }
      }
    }
    for (Constructor<?> constructor : type.getDeclaredConstructors()) {
      if (isVisible(constructor.getModifiers()) && !constructor.isSynthetic()) {
        members.add(
            modifiers(constructor.getModifiers()) + type.getSimpleName() + parameters(constructor));
      }
    }
    return members;
  }

  private static @Nullable Class<?> hiddenBaseOf(Class<?> type) {
    Class<?> base = type.getSuperclass();
    boolean ours = base != null && base.getName().startsWith("org.peerwire.");
    return ours && !isVisible(base) ? base : null;
  }

  /** What each enum and record has anyway. */
  private static boolean isGiven(Class<?> type, Method method) {
    String name = method.getName();
    if (type.isEnum()) {
      return name.equals("values") || name.equals("valueOf");
    }
    boolean component =
        type.isRecord()
            && method.getParameterCount() == 0
            && Arrays.stream(type.getRecordComponents())
                .anyMatch(part -> part.getName().equals(name));
    return component || List.of("toString", "hashCode", "equals").contains(name);
  }

  private static String field(Field field) {
    if (field.isEnumConstant()) {
      return field.getName();
    }
    return modifiers(field.getModifiers()) + type(field.getAnnotatedType()) + " " + field.getName();
  }

  private static String method(Method method) {
    String variables = variables(method.getTypeParameters());
    return modifiers(method.getModifiers())
        + (method.isDefault() ? "default " : "")
        + (variables.isEmpty() ? "" : variables + " ")
        + type(method.getAnnotatedReturnType())
        + " "
        + method.getName()
        + parameters(method);
  }

  private static String parameters(Executable executable) {
    String parameters =
        Arrays.stream(executable.getAnnotatedParameterTypes())
            .map(Signatures::type)
            .collect(Collectors.joining(", ", "(", ")"));
    String thrown =
        Stream.of(executable.getGenericExceptionTypes())
            .map(Signatures::name)
            .sorted()
            .collect(Collectors.joining(", "));
    return thrown.isEmpty() ? parameters : parameters + " throws " + thrown;
  }

  private static String type(AnnotatedType type) {
    return (isNullable(type) ? "@Nullable " : "") + name(type.getType());
  }

  private static boolean isNullable(AnnotatedElement type) {
    return type.isAnnotationPresent(Nullable.class);
  }

  private static String variables(TypeVariable<?>[] variables) {
    if (variables.length == 0) {
      return "";
    }
    return Arrays.stream(variables)
        .map(
            variable ->
                variable.getName()
                    + Arrays.stream(variable.getBounds())
                        .filter(bound -> !bound.equals(Object.class))
                        .map(bound -> " extends " + name(bound))
                        .collect(Collectors.joining()))
        .collect(Collectors.joining(", ", "<", ">"));
  }

  private static String name(Type type) {
    return type.getTypeName().replaceAll("\\bjava\\.lang\\.(?=[A-Z])", "").replace('$', '.');
  }

  private static String modifiers(int modifiers) {
    String text = Modifier.toString(modifiers & SHOWN).replace("abstract static", "static");
    return text.isEmpty() ? "" : text + " ";
  }
}
