package org.peerwire.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.peerwire.swarm.metainfo.FileSelection;

class TransferOptionsTest {
  @Test
  void aBuilderOfOptionsHasThemAll() throws Exception {
    TransferOptions unusual =
        TransferOptions.builder()
            .seedAfter(true)
            .sequential(true)
            .overwrite(true)
            .trustResume(true)
            .anyPort(true)
            .maxPeers(7)
            .stallTimeout(Duration.ofSeconds(7))
            .sources(new PeerSources(false, List.of(), false))
            .files(FileSelection.parse("7"))
            .build();
    TransferOptions copy = unusual.toBuilder().build();
    int compared = 0;
    for (Method getter : TransferOptions.class.getDeclaredMethods()) {
      if (Modifier.isPublic(getter.getModifiers())
          && !Modifier.isStatic(getter.getModifiers())
          && !getter.getName().equals("toBuilder")) {
        Object value = getter.invoke(unusual);
        assertThat(value).as(getter.getName()).isNotEqualTo(getter.invoke(TransferOptions.DEFAULT));
        assertThat(getter.invoke(copy)).as(getter.getName()).isEqualTo(value);
        compared++;
      }
    }
    assertThat(compared).isEqualTo(9);
  }
}
