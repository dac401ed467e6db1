package io.pulselake.windowaggregator.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A case of {@code libs/data-model/fixtures}: the same files that the other engines' tests read. */
public final class GoldenCase {
  private static final Path FIXTURES = Path.of("../../libs/data-model/fixtures");
  private static final ObjectMapper JSON = new ObjectMapper();

  public final String name;
  public final JsonNode options;
  public final JsonNode expected;
  public final List<Line> lines;

  /** A non-empty line. */
  public static final class Line {
    public final int number;
    public final byte[] bytes;

    Line(int number, byte[] bytes) {
      this.number = number;
      this.bytes = bytes;
    }
  }

  private GoldenCase(Path folder) {
    try {
      JsonNode description = JSON.readTree(folder.resolve("case.json").toFile());
      name = folder.getParent().getFileName() + "/" + folder.getFileName();
      options = description.path("options");
      expected = JSON.readTree(folder.resolve("expected.json").toFile());
      lines = split(Files.readAllBytes(folder.resolve(description.get("input").textValue())));
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  /** Every case of a topic; a topic without cases fails. */
  public static List<GoldenCase> ofTopic(String topic) throws IOException {
    try (Stream<Path> folders = Files.list(FIXTURES.resolve(topic))) {
      List<GoldenCase> cases = folders.sorted().map(GoldenCase::new).collect(Collectors.toList());
      if (cases.isEmpty()) throw new IllegalStateException("no golden case in " + topic);
      return cases;
    }
  }

  private static List<Line> split(byte[] bytes) {
    List<Line> lines = new ArrayList<>();
    boolean hasMark = bytes.length >= 3 && bytes[0] == (byte) 0xEF && bytes[1] == (byte) 0xBB && bytes[2] == (byte) 0xBF;
    int number = 0;
    for (int start = hasMark ? 3 : 0; start < bytes.length; ) {
      int end = start;
      while (end < bytes.length && bytes[end] != '\n') end++;
      int textEnd = end > start && bytes[end - 1] == '\r' ? end - 1 : end;
      number++;
      if (textEnd > start) lines.add(new Line(number, Arrays.copyOfRange(bytes, start, textEnd)));
      start = end + 1;
    }
    return lines;
  }
}
