package io.pulselake.windowaggregator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pulselake.windowaggregator.model.Arrival;
import io.pulselake.windowaggregator.model.MetricEvent;
import io.pulselake.windowaggregator.model.RejectedRecord;
import io.pulselake.windowaggregator.model.WindowedMetric;
import io.pulselake.windowaggregator.parse.Instants;
import io.pulselake.windowaggregator.parse.MetricEventParser;
import io.pulselake.windowaggregator.settings.WindowSettings;
import io.pulselake.windowaggregator.support.GoldenCase;
import io.pulselake.windowaggregator.support.OperatorRun;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The golden cases of events and windows, from the same files that the TypeScript tests read. */
class GoldenCasesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TestFactory
  Stream<DynamicTest> events() throws Exception {
    return GoldenCase.ofTopic("metric-events").stream()
        .map(golden -> DynamicTest.dynamicTest(golden.name, () -> checkEvents(golden)));
  }

  @TestFactory
  Stream<DynamicTest> windows() throws Exception {
    return GoldenCase.ofTopic("windows").stream()
        .map(golden -> DynamicTest.dynamicTest(golden.name, () -> checkWindows(golden)));
  }

  @TestFactory
  Stream<DynamicTest> rejects() throws Exception {
    List<DynamicTest> tests = new ArrayList<>();
    for (GoldenCase golden : GoldenCase.ofTopic("rejects")) {
      String reader = golden.options.path("reader").textValue();
      if (reader.equals("windows")) tests.add(DynamicTest.dynamicTest(golden.name, () -> checkWindows(golden)));
      if (reader.equals("metric-events")) tests.add(DynamicTest.dynamicTest(golden.name, () -> checkEvents(golden)));
    }
    assertThat(tests).isNotEmpty();
    return tests.stream();
  }

  private static void checkEvents(GoldenCase golden) {
    MetricEventParser parser = parserOf(golden);
    ArrayNode events = JSON.createArrayNode();
    List<RejectedRecord> rejected = new ArrayList<>();
    for (GoldenCase.Line line : golden.lines) {
      Arrival arrival = parser.parse(line.bytes, "shard", Integer.toString(line.number), 0, Long.MAX_VALUE / 2);
      if (arrival.event == null) rejected.add(arrival.rejected);
      else events.add(asJson(arrival.event));
    }
    assertThat(golden.lines).hasSize(golden.expected.get("read").intValue());
    assertThat(events).hasSize(golden.expected.get("accepted").intValue());
    assertSame(events, golden.expected.get("events"));
    assertSame(asJson(rejected), golden.expected.get("rejected"));
  }

  private static void checkWindows(GoldenCase golden) throws Exception {
    long nowMs = Instants.parse(golden.options.get("now").textValue());
    MetricEventParser parser = parserOf(golden);
    boolean isBounded = golden.options.path("mode").asText("bounded").equals("bounded");
    try (OperatorRun run = new OperatorRun(settingsOf(golden), isBounded, nowMs)) {
      for (GoldenCase.Line line : golden.lines) {
        run.arrive(parser.parse(line.bytes, "shard", Integer.toString(line.number), 0, nowMs));
      }
      run.end();
      ArrayNode windows = JSON.createArrayNode();
      for (WindowedMetric window : run.windows) windows.add(asJson(window));
      assertSame(windows, golden.expected.get("windows"));
      assertSame(asJson(run.rejected), golden.expected.get("rejected"));
      assertThat(run.count("read")).isEqualTo(golden.expected.get("read").longValue());
      assertThat(run.count("accepted")).isEqualTo(golden.expected.get("accepted").longValue());
      assertThat(run.count("duplicate")).isEqualTo(golden.expected.path("duplicate").longValue());
      assertThat(run.count("open")).isZero();
    }
  }

  private static MetricEventParser parserOf(GoldenCase golden) {
    int maxBytes = golden.options.path("maxRecordBytes").asInt(MetricEventParser.MAX_RECORD_BYTES);
    return new MetricEventParser(settingsOf(golden).maxFutureSkewMs, maxBytes);
  }

  private static WindowSettings settingsOf(GoldenCase golden) {
    JsonNode own = golden.options.path("settings");
    return new WindowSettings(
        own.path("windowSizeSeconds").asInt(300),
        own.path("outOfOrdernessSeconds").asInt(30),
        own.path("idleTimeoutSeconds").asInt(60),
        own.path("allowedLatenessSeconds").asInt(600),
        own.path("maxFutureSkewSeconds").asInt(300));
  }

  private static ObjectNode asJson(MetricEvent event) {
    ObjectNode node =
        JSON.createObjectNode()
            .put("componentName", event.componentName)
            .put("metricName", event.metricName)
            .put("unit", event.unit)
            .put("value", event.value)
            .put("publicationTimestamp", Instants.format(event.timestampMs));
    if (event.eventId != null) node.put("eventId", event.eventId);
    return node;
  }

  private static ObjectNode asJson(WindowedMetric window) {
    ObjectNode node =
        JSON.createObjectNode()
            .put("componentName", window.componentName)
            .put("metricName", window.metricName)
            .put("unit", window.unit)
            .put("minValue", window.minValue)
            .put("maxValue", window.maxValue);
    if (Double.isFinite(window.sumValue)) node.put("sumValue", window.sumValue);
    return node.put("sampleCount", window.sampleCount)
        .put("fromTimestamp", Instants.format(window.fromMs))
        .put("toTimestamp", Instants.format(window.toMs))
        .put("revision", window.revision);
  }

  private static ArrayNode asJson(List<RejectedRecord> records) {
    ArrayNode list = JSON.createArrayNode();
    for (RejectedRecord record : records) {
      ObjectNode node = list.addObject();
      node.put("line", Integer.parseInt(record.sequenceNumber)).put("reason", record.reason.code());
      if (record.raw != null) node.put("raw", record.raw);
      if (record.rawBase64 != null) node.put("rawBase64", record.rawBase64);
      if (record.truncated) node.put("truncated", true);
    }
    return list;
  }

  /** As JSON values, numbers as doubles: {@code 5} is {@code 5.0}. */
  private static void assertSame(JsonNode actual, JsonNode expected) {
    assertThat(normal(actual)).isEqualTo(normal(expected));
  }

  private static String normal(JsonNode list) {
    StringBuilder out = new StringBuilder();
    for (JsonNode node : list) {
      List<String> fields = new ArrayList<>();
      node.fields()
          .forEachRemaining(
              field ->
                  fields.add(
                      field.getKey()
                          + "="
                          + (field.getValue().isNumber() ? field.getValue().doubleValue() : field.getValue())));
      fields.sort(null);
      out.append(fields).append('\n');
    }
    return out.toString();
  }
}
