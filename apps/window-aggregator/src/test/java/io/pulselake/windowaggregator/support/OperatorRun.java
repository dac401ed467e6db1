package io.pulselake.windowaggregator.support;

import io.pulselake.windowaggregator.model.AccountEntry;
import io.pulselake.windowaggregator.model.Arrival;
import io.pulselake.windowaggregator.model.MetricEvent;
import io.pulselake.windowaggregator.model.RejectedRecord;
import io.pulselake.windowaggregator.model.WindowedMetric;
import io.pulselake.windowaggregator.settings.WindowSettings;
import io.pulselake.windowaggregator.time.EventTimeOperator;
import io.pulselake.windowaggregator.topology.SeriesKey;
import io.pulselake.windowaggregator.topology.SideOutputs;
import io.pulselake.windowaggregator.windows.MetricWindowOperator;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;

/** Both operators in Flink's harnesses, the second fed with what the first gives: one subtask each, no cluster. */
public final class OperatorRun implements AutoCloseable {
  private static final Comparator<WindowedMetric> ORDER =
      Comparator.<WindowedMetric>comparingLong(window -> window.fromMs)
          .thenComparing(window -> window.componentName)
          .thenComparing(window -> window.metricName)
          .thenComparing(window -> window.unit);

  public final List<WindowedMetric> windows = new ArrayList<>();
  public final List<RejectedRecord> rejected = new ArrayList<>();
  /** Events in windows not yet written, where a test wants to know before the end. */
  public long openAtEnd;

  private final Map<String, Long> counts = new TreeMap<>();
  private final OneInputStreamOperatorTestHarness<Arrival, MetricEvent> intake;
  private final KeyedOneInputStreamOperatorTestHarness<Tuple3<String, String, String>, MetricEvent, WindowedMetric>
      aggregator;
  private final boolean isBounded;
  private long checkpoint;

  /** @param isBounded nothing is late: windows are written at the end */
  public OperatorRun(WindowSettings settings, boolean isBounded, long nowMs) throws Exception {
    this.isBounded = isBounded;
    intake = new OneInputStreamOperatorTestHarness<>(new EventTimeOperator(settings, Long.MIN_VALUE));
    aggregator =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new MetricWindowOperator(settings, Integer.MAX_VALUE), new SeriesKey(), SeriesKey.TYPE);
    intake.setProcessingTime(nowMs - 60_000);
    intake.open();
    aggregator.open();
    // Past the time in which a subtask waits for its shards.
    advanceClock(nowMs);
  }

  public void arrive(Arrival arrival) throws Exception {
    intake.processElement(new StreamRecord<>(arrival));
    drain();
  }

  public void advanceClock(long nowMs) throws Exception {
    intake.setProcessingTime(nowMs);
    aggregator.setProcessingTime(nowMs);
    drain();
  }

  /** The end of the input. */
  public void end() throws Exception {
    if (isBounded) aggregator.processWatermark(Watermark.MAX_WATERMARK);
    else intake.processWatermark(Watermark.MAX_WATERMARK);
    drain();
    takeWindows(true);
  }

  /** What has been counted up to now, `read` and so on, each reason of a rejection under its code. */
  public Map<String, Long> counts() throws Exception {
    checkpoint++;
    intake.getOperator().prepareSnapshotPreBarrier(checkpoint);
    aggregator.getOperator().prepareSnapshotPreBarrier(checkpoint);
    takeSideOutputs(intake);
    takeSideOutputs(aggregator);
    return counts;
  }

  public long count(String name) throws Exception {
    return counts().getOrDefault(name, 0L);
  }

  @SuppressWarnings("unchecked")
  private void drain() throws Exception {
    for (Object element; (element = intake.getOutput().poll()) != null; ) {
      if (element instanceof StreamRecord) {
        aggregator.processElement((StreamRecord<MetricEvent>) element);
        takeWindows(false);
      } else if (element instanceof Watermark && !isBounded) {
        aggregator.processWatermark((Watermark) element);
        takeWindows(true);
      } else if (!(element instanceof Watermark || element instanceof WatermarkStatus)) {
        throw new IllegalStateException("unexpected " + element);
      }
    }
    takeSideOutputs(intake);
    takeSideOutputs(aggregator);
  }

  /** Windows of different series that fall due at once come in no order: they are put into the documented one. */
  private void takeWindows(boolean atOnce) {
    List<WindowedMetric> taken = new ArrayList<>();
    for (Object element; (element = aggregator.getOutput().poll()) != null; ) {
      if (element instanceof StreamRecord) taken.add((WindowedMetric) ((StreamRecord<?>) element).getValue());
    }
    if (atOnce) taken.sort(ORDER);
    windows.addAll(taken);
  }

  private void takeSideOutputs(OneInputStreamOperatorTestHarness<?, ?> harness) {
    ConcurrentLinkedQueue<StreamRecord<RejectedRecord>> records = harness.getSideOutput(SideOutputs.REJECTED);
    if (records != null) for (StreamRecord<RejectedRecord> next; (next = records.poll()) != null; ) rejected.add(next.getValue());
    ConcurrentLinkedQueue<StreamRecord<AccountEntry>> entries = harness.getSideOutput(SideOutputs.ACCOUNTS);
    if (entries == null) return;
    for (StreamRecord<AccountEntry> next; (next = entries.poll()) != null; ) {
      next.getValue().counts.forEach((name, amount) -> counts.merge(name, amount, Long::sum));
      next.getValue().rejectedByReason.forEach((name, amount) -> counts.merge(name, amount, Long::sum));
    }
  }

  @Override
  public void close() throws Exception {
    intake.close();
    aggregator.close();
  }
}
