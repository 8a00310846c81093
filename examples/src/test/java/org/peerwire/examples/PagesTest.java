package org.peerwire.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The Java in the README and the guides is compiled and run: each block stands in a file of this
 * module, as the region that is named above it.
 */
class PagesTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path SOURCES = Path.of("src/main/java/org/peerwire/examples");
  private static final Pattern BLOCK =
      Pattern.compile("(?m)^(?:<!-- (\\w+\\.java)#([a-z-]+) -->\n)?```java\n((?s:.*?))^```$");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");

  @Test
  void everyBlockOfJavaIsARegionOfAnExample() throws IOException {
    int blocks = 0;
    for (Path page : pages()) {
      Matcher block = BLOCK.matcher(Files.readString(page));
      while (block.find()) {
        String where = page.getFileName() + ": " + block.group(3).lines().findFirst().orElse("");
        assertThat(block.group(1)).as("no region is named above " + where).isNotNull();
        assertThat(block.group(3)).as(where).isEqualTo(region(block.group(1), block.group(2)));
        blocks++;
      }
    }
    assertThat(blocks).isGreaterThan(4);
  }

  @Test
  void everyLinkLeadsSomewhere() throws IOException {
    int links = 0;
    for (Path page : pages()) {
      Matcher link = LINK.matcher(Files.readString(page));
      while (link.find()) {
        assertThat(page.resolveSibling(link.group(1))).as(page + " links to it").exists();
        links++;
      }
    }
    assertThat(links).isGreaterThan(4);
  }

  private static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>(List.of(ROOT.resolve("README.md")));
    try (Stream<Path> guides = Files.list(ROOT.resolve("docs"))) {
      guides.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
    }
    return pages;
  }

  /** What stands between the marks of a region, without its margin. */
  private static String region(String file, String name) throws IOException {
    String source = Files.readString(SOURCES.resolve(file));
    Matcher region =
        Pattern.compile("(?m)^ *// region " + name + "\n((?s:.*?))\n? *// endregion$")
            .matcher(source);
    assertThat(region.find()).as(file + " has no region " + name).isTrue();
    return region.group(1).stripTrailing().stripIndent() + "\n";
  }
}
