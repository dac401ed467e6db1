package io.pulselake.windowaggregator.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulselake.windowaggregator.model.MetricEvent;
import io.pulselake.windowaggregator.model.RejectedRecord;
import io.pulselake.windowaggregator.model.WindowedMetric;
import io.pulselake.windowaggregator.settings.WindowSettings;
import io.pulselake.windowaggregator.topology.SeriesKey;
import io.pulselake.windowaggregator.topology.SideOutputs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OperatorSnapshotUtil;
import org.junit.jupiter.api.Test;

/** State that goes on: after a restore, with another parallelism, and from bytes that an earlier version wrote. */
class RestoreTest {
  private static final long T = 1_714_564_800_000L;
  private static final long MINUTE = 60_000;
  private static final int MAX_PARALLELISM = 128;
  private static final Path SAVEPOINT = Path.of("src/test/resources/savepoints/windows-0.1.0.bin");

  @Test
  void goesOnWithWindowsIdsAndRevisions() throws Exception {
    OperatorSubtaskState saved = save();
    try (Harness operator = restore(saved, 1, 0)) {
      assertGoesOn(operator);
    }
  }

  @Test
  void takesNoVeryLateEventForAWindowThatItHasForgotten() throws Exception {
    OperatorSubtaskState saved = save();
    try (Harness operator = restore(saved, 1, 0)) {
      // Flink restores no watermark: an event of a window written and forgotten before the savepoint comes first.
      operator.processElement(event("cart", T - 60 * MINUTE, 9, null));
      operator.processWatermark(T + 3 * MINUTE);
      assertThat(operator.extractOutputValues()).isEmpty();
      Queue<StreamRecord<RejectedRecord>> rejected = operator.getSideOutput(SideOutputs.REJECTED);
      assertThat(rejected).extracting(record -> record.getValue().reason.code()).containsExactly("late");
    }
  }

  @Test
  void goesOnWithAnotherParallelism() throws Exception {
    OperatorSubtaskState saved = save();
    OperatorSubtaskState spread =
        AbstractStreamOperatorTestHarness.repartitionOperatorState(saved, MAX_PARALLELISM, 1, 2, 0);
    OperatorSubtaskState other =
        AbstractStreamOperatorTestHarness.repartitionOperatorState(saved, MAX_PARALLELISM, 1, 2, 1);
    int windows = 0;
    for (int subtask = 0; subtask < 2; subtask++) {
      try (Harness operator = restore(subtask == 0 ? spread : other, 2, subtask)) {
        operator.processWatermark(T + 5 * MINUTE - 1);
        windows += operator.extractOutputValues().size();
      }
    }
    assertThat(windows).isEqualTo(21);
  }

  @Test
  void goesOnFromTheStateOfAnEarlierVersion() throws Exception {
    // Written once by this test with PULSELAKE_WRITE_SAVEPOINT set; the bytes are never to be written anew.
    if (System.getenv("PULSELAKE_WRITE_SAVEPOINT") != null) {
      Files.createDirectories(SAVEPOINT.getParent());
      OperatorSnapshotUtil.writeStateHandle(save(), SAVEPOINT.toString());
    }
    try (Harness operator = restore(OperatorSnapshotUtil.readStateHandle(SAVEPOINT.toString()), 1, 0)) {
      assertGoesOn(operator);
    }
  }

  @Test
  void holdsAnIdInLessThanAHundredBytes() throws Exception {
    int ids = 100_000;
    try (Harness operator = new Harness(1, 0)) {
      operator.open();
      operator.processElement(event("cart", T, 1, null));
      long without = operator.snapshot(1, 1).getStateSize();
      for (int id = 0; id < ids; id++) operator.processElement(event("cart", T, 1, "event-" + id));
      long bytes = operator.snapshot(2, 2).getStateSize() - without;
      assertThat(bytes / (double) ids).isBetween(8.0, 32.0);
    }
  }

  /** An open window with an id, one that was written, twenty other series, and a watermark. */
  private static OperatorSubtaskState save() throws Exception {
    try (Harness operator = new Harness(1, 0)) {
      operator.open();
      operator.processElement(event("cart", T - 60 * MINUTE, 1, null));
      operator.processElement(event("cart", T - MINUTE, 1, "old"));
      operator.processWatermark(T - 1);
      operator.processElement(event("cart", T, 5, "first"));
      operator.processElement(event("cart", T + 1, 7, null));
      for (int other = 0; other < 20; other++) operator.processElement(event("other-" + other, T, other, null));
      return operator.snapshot(1, 1);
    }
  }

  private static void assertGoesOn(Harness operator) throws Exception {
    operator.processElement(event("cart", T - MINUTE, 3, null));
    operator.processElement(event("cart", T - MINUTE, 3, "old"));
    operator.processElement(event("cart", T, 5, "first"));
    operator.processElement(event("cart", T + 2, 6, "second"));
    List<WindowedMetric> corrected = operator.extractOutputValues();
    assertThat(corrected).hasSize(1);
    assertThat(corrected.get(0).revision).isEqualTo(1);
    assertThat(corrected.get(0).sumValue).isEqualTo(4);
    operator.processWatermark(T + 5 * MINUTE - 1);
    assertThat(operator.extractOutputValues())
        .filteredOn(window -> window.componentName.equals("cart") && window.fromMs == T)
        .singleElement()
        .satisfies(
            window -> {
              assertThat(window.sampleCount).isEqualTo(3);
              assertThat(window.sumValue).isEqualTo(18);
              assertThat(window.minValue).isEqualTo(5);
              assertThat(window.maxValue).isEqualTo(7);
              assertThat(window.revision).isZero();
            });
    assertThat(operator.extractOutputValues()).hasSize(22);
  }

  private static Harness restore(OperatorSubtaskState state, int parallelism, int subtask) throws Exception {
    Harness operator = new Harness(parallelism, subtask);
    operator.initializeState(state);
    operator.open();
    return operator;
  }

  private static StreamRecord<MetricEvent> event(String component, long timestampMs, double value, String id) {
    MetricEvent event = new MetricEvent();
    event.componentName = component;
    event.metricName = "latency";
    event.unit = "ms";
    event.value = value;
    event.timestampMs = timestampMs;
    event.eventId = id;
    return new StreamRecord<>(event, timestampMs);
  }

  private static final class Harness
      extends KeyedOneInputStreamOperatorTestHarness<Tuple3<String, String, String>, MetricEvent, WindowedMetric> {
    Harness(int parallelism, int subtask) throws Exception {
      super(
          new MetricWindowOperator(WindowSettings.defaults(), Integer.MAX_VALUE),
          new SeriesKey(),
          SeriesKey.TYPE,
          MAX_PARALLELISM,
          parallelism,
          subtask);
    }
  }
}
