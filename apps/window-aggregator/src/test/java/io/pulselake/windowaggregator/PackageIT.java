package io.pulselake.windowaggregator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The jar that is deployed: what it holds, and what the service brings itself. */
class PackageIT {
  private static final Path JAR = Path.of("target/window-aggregator.jar");

  /** Roots of packages that the job needs at run time. */
  private static final List<String> NEEDED =
      List.of(
          "io/pulselake/windowaggregator/",
          "org/apache/flink/connector/kinesis/",
          "org/apache/flink/connector/base/",
          "org/apache/flink/connector/aws/",
          "org/apache/flink/kinesis/shaded/",
          "org/apache/flink/streaming/connectors/kinesis/",
          "com/amazonaws/services/kinesisanalytics/",
          "com/fasterxml/jackson/core/",
          "com/google/common/",
          "com/google/errorprone/",
          "com/google/j2objc/",
          "com/google/thirdparty/",
          "org/checkerframework/",
          "org/joda/time/",
          "org/apache/commons/codec/",
          "org/apache/commons/io/",
          "org/apache/commons/lang/",
          "org/apache/commons/lang3/",
          "org/apache/commons/logging/");

  @Test
  void holdsOurPackagesAndWhatTheyNeedAndNothingElse() throws Exception {
    Set<String> strangers = new TreeSet<>();
    try (JarFile jar = new JarFile(JAR.toFile())) {
      for (JarEntry entry : (Iterable<JarEntry>) jar.stream()::iterator) {
        String name = entry.getName().replaceFirst("^META-INF/versions/\\d+/", "");
        if (name.endsWith(".class") && NEEDED.stream().noneMatch(name::startsWith)) strangers.add(name);
      }
      // Brought by the service: a second copy beside its own would fail in ways that are hard to see.
      assertThat(jar.getEntry("org/apache/flink/streaming/api/environment/StreamExecutionEnvironment.class")).isNull();
      assertThat(jar.getEntry("org/apache/flink/connector/file/sink/FileSink.class")).isNull();
      assertThat(jar.getEntry("org/slf4j/Logger.class")).isNull();
      assertThat(jar.getEntry("io/pulselake/windowaggregator/WindowAggregatorJob.class")).isNotNull();
      assertThat(jar.getManifest().getMainAttributes().getValue("Main-Class"))
          .isEqualTo("io.pulselake.windowaggregator.WindowAggregatorJob");
    }
    assertThat(strangers).isEmpty();
  }

  @Test
  void isSmallEnoughToUploadOften() {
    assertThat(JAR.toFile().length()).isBetween(10_000_000L, 35_000_000L);
  }

  @Test
  void mergesTheFilesThatNameServices() throws Exception {
    try (JarFile jar = new JarFile(JAR.toFile())) {
      List<String> services =
          jar.stream()
              .map(JarEntry::getName)
              .filter(name -> name.startsWith("META-INF/services/") && !name.endsWith("/"))
              .collect(Collectors.toList());
      assertThat(services).contains("META-INF/services/org.apache.flink.table.factories.Factory");
      for (String service : services) {
        try (InputStream in = jar.getInputStream(jar.getEntry(service))) {
          List<String> providers =
              new String(in.readAllBytes(), StandardCharsets.UTF_8)
                  .lines()
                  .map(line -> line.replaceFirst("#.*", "").trim())
                  .filter(line -> !line.isEmpty())
                  .collect(Collectors.toList());
          assertThat(providers).as(service).isNotEmpty().doesNotHaveDuplicates();
        }
      }
    }
  }
}
