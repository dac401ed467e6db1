package io.pulselake.windowaggregator.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulselake.windowaggregator.model.MetricEvent;
import io.pulselake.windowaggregator.model.WindowedMetric;
import io.pulselake.windowaggregator.settings.WindowSettings;
import io.pulselake.windowaggregator.topology.SeriesKey;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.contrib.streaming.state.EmbeddedRocksDBStateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventIdsTest {
  private static final long T = 1_714_564_800_000L;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void tellsEveryRepeatOfAHundredThousandIdsAndNoOther(boolean onRocksDb) throws Exception {
    try (Harness operator = new Harness(Integer.MAX_VALUE, onRocksDb)) {
      Set<String> seen = new HashSet<>();
      Random random = new Random(7);
      for (int event = 0; event < 200_000; event++) {
        String id = "order-" + Integer.toString(random.nextInt(100_000), 36);
        seen.add(id);
        operator.count(T + event % 300_000, id);
        // In the middle of it a checkpoint, after which state is copied before it is changed.
        if (event == 9_000) operator.snapshot(1, 1);
      }
      assertThat(operator.samplesOfTheWindow()).isEqualTo(seen.size());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void keepsTheIdsOfEachWindowApart(boolean onRocksDb) throws Exception {
    try (Harness operator = new Harness(Integer.MAX_VALUE, onRocksDb)) {
      for (int window = 0; window < 3; window++) {
        for (int event = 0; event < 500; event++) operator.count(T + window * 300_000L, "id-" + event % 250);
      }
      operator.processWatermark(Long.MAX_VALUE);
      assertThat(operator.extractOutputValues()).extracting(window -> window.sampleCount).containsExactly(250L, 250L, 250L);
      // RocksDB's are not to be counted.
      if (!onRocksDb) assertThat(operator.numKeyedStateEntries()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void stillTellsTheRepeatsOfWhatItHoldsWhenItIsFull(boolean onRocksDb) throws Exception {
    try (Harness operator = new Harness(2, onRocksDb)) {
      for (String id : new String[] {"a", "b", "c", "c", "b", "a"}) operator.count(T, id);
      assertThat(operator.samplesOfTheWindow()).isEqualTo(4);
    }
  }

  private static final class Harness
      extends KeyedOneInputStreamOperatorTestHarness<Tuple3<String, String, String>, MetricEvent, WindowedMetric> {
    Harness(int maxIds, boolean onRocksDb) throws Exception {
      super(new MetricWindowOperator(WindowSettings.defaults(), maxIds), new SeriesKey(), SeriesKey.TYPE);
      EmbeddedRocksDBStateBackend rocksDb = new EmbeddedRocksDBStateBackend();
      // The harness would give it next to none.
      rocksDb.getMemoryConfiguration().setUseManagedMemory(false);
      setStateBackend(onRocksDb ? rocksDb : new HashMapStateBackend());
      open();
    }

    void count(long timestampMs, String id) throws Exception {
      MetricEvent event = new MetricEvent();
      event.componentName = "cart";
      event.metricName = "latency";
      event.unit = "ms";
      event.value = 1;
      event.timestampMs = timestampMs;
      event.eventId = id;
      processElement(new StreamRecord<>(event, timestampMs));
    }

    long samplesOfTheWindow() throws Exception {
      processWatermark(T + 299_999);
      assertThat(extractOutputValues()).hasSize(1);
      return extractOutputValues().get(0).sampleCount;
    }
  }
}
