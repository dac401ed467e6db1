package io.pulselake.windowaggregator.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulselake.windowaggregator.model.AccountEntry;
import io.pulselake.windowaggregator.model.Arrival;
import io.pulselake.windowaggregator.model.MetricEvent;
import io.pulselake.windowaggregator.model.RejectedRecord;
import io.pulselake.windowaggregator.model.WindowedMetric;
import io.pulselake.windowaggregator.parse.MetricEventParser;
import io.pulselake.windowaggregator.settings.WindowSettings;
import io.pulselake.windowaggregator.windows.WindowStats;
import io.pulselake.windowaggregator.metrics.SeenMeters;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.apache.flink.types.PojoTestUtils;
import org.junit.jupiter.api.Test;

/** The whole topology on a cluster in this JVM, two subtasks and more, with endpoints of our own. */
class WindowTopologyTest {
  private static final long T = 1_714_564_800_000L;
  private static final WindowSettings SETTINGS = WindowSettings.defaults();

  @Test
  void accountsForEveryRecordOfTwoSubtasks() throws Exception {
    List<List<Arrival>> subtasks = new ArrayList<>();
    MetricEventParser parser = new MetricEventParser(SETTINGS.maxFutureSkewMs);
    for (int subtask = 0; subtask < 2; subtask++) {
      List<Arrival> arrivals = new ArrayList<>();
      for (int event = 0; event < 6_000; event++) {
        String record = event % 100 == 99 ? "{" : json(subtask, event);
        byte[] bytes = record.getBytes(StandardCharsets.UTF_8);
        arrivals.add(parser.parse(bytes, "shard-" + subtask, Integer.toString(event), T, T + 86_400_000L));
      }
      subtasks.add(arrivals);
    }
    SeenMeters.forget();
    MemoryEndpoints.Run run = execute("accounts", subtasks);

    Map<String, Long> total = new TreeMap<>();
    for (AccountEntry entry : run.accounts) {
      assertThat(entry.day).isEqualTo(entry.counts.containsKey("read") ? "2024-05-01" : entry.day);
      entry.counts.forEach((name, count) -> total.merge(name, count, Long::sum));
      entry.rejectedByReason.forEach((name, count) -> total.merge(name, count, Long::sum));
    }
    assertThat(total).containsEntry("read", 12_000L).containsEntry("malformed", 120L);
    assertThat(total.get("accepted") + total.get("duplicate")).isEqualTo(11_880);
    assertThat(total.getOrDefault("open", 0L)).isZero();
    assertThat(run.rejected).hasSize(120);
    assertThat(run.windows.stream().mapToLong(window -> window.sampleCount).sum()).isEqualTo(total.get("accepted"));
    assertThat(total.get("rowsWritten")).isEqualTo(run.windows.size());
    // What the alarm on the share of rejected records compares; its names are in the infrastructure.
    assertThat(SeenMeters.counts())
        .isEqualTo(
            Map.of(
                "kinesisanalytics/recordsReadPerSecond", 12_000L,
                "kinesisanalytics/recordsRejectedPerSecond", 120L,
                "kinesisanalytics/recordsLatePerSecond", total.getOrDefault("late", 0L)));
  }

  @Test
  void givesEveryOperatorAnIdThatStays() {
    StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
    WindowTopology.build(
        environment, new MemoryEndpoints("ids", List.of(List.of())), SETTINGS, Long.MIN_VALUE, 1);
    List<String> ids = new ArrayList<>();
    for (StreamNode node : environment.getStreamGraph().getStreamNodes()) ids.add(node.getTransformationUID());
    // Savepoints find their state by these. A change here loses the state of every running job.
    assertThat(ids)
        .containsExactlyInAnyOrder(
            "source", "event-time", "windows", "windows-sink", "rejected-sink", "accounts-sink");
  }

  @Test
  void serialisesNothingWithKryo() {
    for (Class<?> type :
        List.of(Arrival.class, MetricEvent.class, RejectedRecord.class, WindowedMetric.class, WindowStats.class)) {
      PojoTestUtils.assertSerializedAsPojoWithoutKryo(type);
    }
  }

  private static MemoryEndpoints.Run execute(String name, List<List<Arrival>> subtasks) throws Exception {
    Configuration configuration = new Configuration();
    configuration.setString("metrics.reporter.seen.factory.class", SeenMeters.class.getName());
    StreamExecutionEnvironment environment = StreamExecutionEnvironment.createLocalEnvironment(2, configuration);
    MemoryEndpoints endpoints = new MemoryEndpoints(name, subtasks);
    WindowTopology.build(environment, endpoints, SETTINGS, Long.MIN_VALUE, 1_000_000);
    environment.execute(name);
    return endpoints.result();
  }

  private static String json(int subtask, int event) {
    // Of each six the first two have one id.
    String id = event % 6 < 2 ? ",\"eventId\":\"" + subtask + "-" + event / 6 + "\"" : "";
    return "{\"componentName\":\"service-"
        + event / 2 % 7
        + "\",\"metricName\":\"latency\",\"unit\":\"ms\",\"value\":"
        + event
        + ",\"publicationTimestamp\":\""
        + Instant.ofEpochMilli(T + event * 500L)
        + "\""
        + id
        + "}";
  }
}
