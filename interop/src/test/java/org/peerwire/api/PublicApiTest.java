package org.peerwire.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What the modules export is kept in {@code api/}, so that whoever reads a change sees what it
 * changes for users. To bring it up to date:
 *
 * <pre>
 *   mvn test -pl interop -am -Dtest=PublicApiTest -Dsurefire.failIfNoSpecifiedTests=false \
 *       -Dpeerwire.api.update=true
 * </pre>
 */
class PublicApiTest {
  @ParameterizedTest
  @EnumSource
  void isTheOneThatIsWrittenDown(Library library) throws IOException {
    List<String> actual = Signatures.of(library);
    assertThat(actual).hasSizeGreaterThan(20);
    Path file = Library.root().resolve("api").resolve(library.folder() + ".txt");
    if (Boolean.getBoolean("peerwire.api.update")) {
      Files.createDirectories(file.getParent());
      Files.write(file, actual);
    }
    assertThat(file).as("see how to update it in %s", PublicApiTest.class).exists();
    assertThat(actual)
        .as("%s is not up to date; how to update it stands in %s", file, PublicApiTest.class)
        .isEqualTo(Files.readAllLines(file));
  }
}
