package io.pulselake.windowaggregator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pulselake.windowaggregator.model.RejectedRecord;
import io.pulselake.windowaggregator.model.WindowedMetric;
import io.pulselake.windowaggregator.parse.MetricEventParser;
import io.pulselake.windowaggregator.settings.WindowSettings;
import io.pulselake.windowaggregator.support.OperatorRun;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random streams of several shards, with pauses, faults and repeats, through the Flink operators and through {@code
 * WindowAggregator}: the same windows in the same order with the same revisions, sums to the last bit, the same rejected
 * records, the same account. {@code PULSELAKE_SEED} repeats a run.
 */
class SameAsEmbeddedTest {
  private static final int STREAMS = 600;
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void givesWhatTheEmbeddedAggregatorGives() throws Exception {
    String fixed = System.getenv("PULSELAKE_SEED");
    int seed = fixed == null ? new Random().nextInt(1_000_000) : Integer.parseInt(fixed);
    Process node =
        new ProcessBuilder("node", "test/random-streams.mjs", Integer.toString(seed), Integer.toString(STREAMS))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    int streams = 0;
    long windows = 0;
    long corrected = 0;
    long late = 0;
    long duplicates = 0;
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(node.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line; (line = lines.readLine()) != null; streams++) {
        JsonNode stream = JSON.readTree(line);
        try (OperatorRun run = runOf(stream)) {
          String name = "seed " + seed + ", stream " + streams;
          assertThat(actual(run)).as(name).isEqualTo(expected(stream.get("expected")));
          windows += run.windows.size();
          duplicates += run.count("duplicate");
          corrected += run.windows.stream().filter(window -> window.revision > 0).count();
          late += run.rejected.stream().filter(record -> record.reason.code().equals("late")).count();
        }
      }
    }
    assertThat(node.waitFor()).isZero();
    assertThat(streams).isEqualTo(STREAMS);
    System.out.println(
        "seed " + seed + ": " + streams + " streams, " + windows + " windows, " + corrected + " corrections, " + late
            + " late, " + duplicates + " duplicates");
    // Streams in which nothing happens would agree on anything.
    assertThat(windows).isGreaterThan(STREAMS);
    assertThat(corrected).isGreaterThan(STREAMS / 10);
    assertThat(duplicates).isGreaterThan(STREAMS / 10);
    assertThat(late).isGreaterThan(STREAMS);
  }

  private static OperatorRun runOf(JsonNode stream) throws Exception {
    JsonNode own = stream.get("settings");
    WindowSettings settings =
        new WindowSettings(
            own.get("windowSizeSeconds").intValue(),
            own.get("outOfOrdernessSeconds").intValue(),
            own.get("idleTimeoutSeconds").intValue(),
            own.get("allowedLatenessSeconds").intValue(),
            own.get("maxFutureSkewSeconds").intValue());
    MetricEventParser parser = new MetricEventParser(settings.maxFutureSkewMs);
    OperatorRun run = new OperatorRun(settings, false, stream.get("startMs").longValue());
    for (JsonNode step : stream.get("steps")) {
      long atMs = step.get("atMs").longValue();
      run.advanceClock(atMs);
      if (!step.has("record")) continue;
      byte[] record = step.get("record").textValue().getBytes(StandardCharsets.UTF_8);
      run.arrive(parser.parse(record, step.get("shard").textValue(), null, atMs, atMs));
    }
    run.openAtEnd = run.count("open");
    run.end();
    return run;
  }

  private static List<String> actual(OperatorRun run) throws Exception {
    List<String> lines = new ArrayList<>();
    for (WindowedMetric window : run.windows) {
      lines.add(
          describe(
              window.componentName,
              window.metricName,
              window.unit,
              window.fromMs,
              window.toMs,
              window.minValue,
              window.maxValue,
              Double.isFinite(window.sumValue) ? window.sumValue : null,
              window.sampleCount,
              window.revision));
    }
    for (RejectedRecord record : run.rejected) lines.add(record.reason.code() + " " + record.raw);
    lines.add(
        "read " + run.count("read") + " accepted " + run.count("accepted") + " duplicate " + run.count("duplicate")
            + " open " + run.openAtEnd);
    return lines;
  }

  private static List<String> expected(JsonNode expected) {
    List<String> lines = new ArrayList<>();
    for (JsonNode window : expected.get("windows")) {
      lines.add(
          describe(
              window.get("componentName").textValue(),
              window.get("metricName").textValue(),
              window.get("unit").textValue(),
              window.get("fromMs").longValue(),
              window.get("toMs").longValue(),
              window.get("minValue").doubleValue(),
              window.get("maxValue").doubleValue(),
              window.has("sumValue") ? window.get("sumValue").doubleValue() : null,
              window.get("sampleCount").longValue(),
              window.get("revision").intValue()));
    }
    for (JsonNode record : expected.get("rejected")) {
      lines.add(record.get("reason").textValue() + " " + record.get("raw").textValue());
    }
    JsonNode counts = expected.get("counts");
    lines.add(
        "read " + counts.get("read") + " accepted " + counts.get("accepted") + " duplicate " + counts.get("duplicate")
            + " open " + counts.get("open"));
    return lines;
  }

  private static String describe(Object... fields) {
    List<String> texts = new ArrayList<>();
    for (Object field : fields) texts.add(String.valueOf(field));
    return String.join(" ", texts);
  }
}
