package io.pulselake.windowaggregator.windows;

import io.pulselake.windowaggregator.account.DayAccount;
import io.pulselake.windowaggregator.metrics.ServiceRates;
import io.pulselake.windowaggregator.model.AccountEntry;
import io.pulselake.windowaggregator.model.Count;
import io.pulselake.windowaggregator.model.MetricEvent;
import io.pulselake.windowaggregator.model.RejectReason;
import io.pulselake.windowaggregator.model.WindowedMetric;
import io.pulselake.windowaggregator.parse.MetricEventParser;
import io.pulselake.windowaggregator.settings.WindowSettings;
import io.pulselake.windowaggregator.topology.SideOutputs;
import java.util.List;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.common.state.AggregatingStateDescriptor;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Meter;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.heap.HeapKeyedStateBackend;
import org.apache.flink.runtime.state.internal.InternalAggregatingState;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.FlinkRuntimeException;

/**
 * Tumbling event-time windows per (component, metric, unit): min, max, count, a compensated sum, and event ids that
 * count once. State and timers are kept under the window's start, as Flink's own window operator keeps them; it is not
 * used because it would hold a window's ids in one value, read and written whole for every event.
 */
public class MetricWindowOperator extends AbstractStreamOperator<WindowedMetric>
    implements OneInputStreamOperator<MetricEvent, WindowedMetric>,
        Triggerable<Tuple3<String, String, String>, Long> {
  private static final long serialVersionUID = 1;

  private final WindowSettings settings;
  private final int maxIdsPerWindow;

  private transient InternalTimerService<Long> timers;
  private transient InternalAggregatingState<
          Tuple3<String, String, String>, Long, MetricEvent, WindowStats, WindowStats>
      windows;
  private transient AddEvent addEvent;
  private transient EventIds ids;
  private transient ListState<Long> savedWatermark;
  private transient long watermarkMs;
  private transient DayAccount account;
  private transient Counter late;
  private transient Meter lateRate;
  private transient Counter duplicates;
  private transient Counter revisions;
  private transient Counter idsNotHeld;

  /** @param maxIdsPerWindow how many event ids one window of one series holds at most */
  public MetricWindowOperator(WindowSettings settings, int maxIdsPerWindow) {
    this.settings = settings;
    this.maxIdsPerWindow = maxIdsPerWindow;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    savedWatermark =
        context.getOperatorStateStore().getUnionListState(new ListStateDescriptor<>("watermark", Types.LONG));
    watermarkMs = Long.MIN_VALUE;
    // Flink restores no watermark: a very late event would open a window anew that had been written and forgotten, and
    // its row would stand for the whole. At a checkpoint all subtasks have seen the same watermarks.
    for (long saved : savedWatermark.get()) watermarkMs = Math.max(watermarkMs, saved);
  }

  @Override
  @SuppressWarnings("unchecked")
  public void open() throws Exception {
    super.open();
    timers = getInternalTimerService("windows", LongSerializer.INSTANCE, this);
    EventIds.AddHash addHash = new EventIds.AddHash();
    ids =
        new EventIds(
            (InternalAggregatingState<Tuple3<String, String, String>, Long, MetricEvent, long[], long[]>)
                getOrCreateKeyedState(LongSerializer.INSTANCE, EventIds.descriptor(addHash)),
            addHash,
            maxIdsPerWindow,
            getKeyedStateBackend() instanceof HeapKeyedStateBackend ? EventIds.ONE_BUCKET : EventIds.SMALL_BUCKETS);
    addEvent = new AddEvent();
    windows =
        (InternalAggregatingState<Tuple3<String, String, String>, Long, MetricEvent, WindowStats, WindowStats>)
            getOrCreateKeyedState(
                LongSerializer.INSTANCE,
                new AggregatingStateDescriptor<>("windows", addEvent, Types.POJO(WindowStats.class)));
    account = new DayAccount("windows", getRuntimeContext().getTaskInfo().getIndexOfThisSubtask());
    late = getMetricGroup().counter("late");
    lateRate = ServiceRates.meter(getMetricGroup(), ServiceRates.LATE);
    duplicates = getMetricGroup().counter("duplicates");
    revisions = getMetricGroup().counter("revisions");
    idsNotHeld = getMetricGroup().counter("idsNotHeld");
  }

  @Override
  public void processElement(StreamRecord<MetricEvent> element) throws Exception {
    MetricEvent event = element.getValue();
    long number = windowNumber(event.timestampMs);
    long fromMs = number * settings.sizeMs;
    if (settings.isPast(fromMs, watermarkMs)) {
      late.inc();
      lateRate.markEvent();
      account.addRejected(RejectReason.LATE, event.arrivedAtMs);
      output.collect(
          SideOutputs.REJECTED,
          new StreamRecord<>(
              MetricEventParser.rejectedEvent(
                  RejectReason.LATE, "The window of the event is no longer held.", event)));
      return;
    }
    windows.setCurrentNamespace(fromMs);
    addEvent.window = number;
    windows.add(event);
    if (addEvent.outcome == EventIds.Outcome.REPEATED) {
      duplicates.inc();
      account.add(Count.DUPLICATE, event.arrivedAtMs, 1);
      return;
    }
    if (addEvent.outcome == EventIds.Outcome.NOT_HELD) {
      idsNotHeld.inc();
      account.add(Count.IDS_NOT_HELD, event.arrivedAtMs, 1);
    }
    account.add(Count.ACCEPTED, event.arrivedAtMs, 1);
    boolean isDue = settings.lastInstant(fromMs) <= watermarkMs;
    if (addEvent.isNew) registerTimer(fromMs, isDue);
    if (isDue) write(fromMs, windows.getInternal(), event.arrivedAtMs);
    else account.add(Count.OPEN, event.arrivedAtMs, 1);
  }

  @Override
  public void onEventTime(InternalTimer<Tuple3<String, String, String>, Long> timer) throws Exception {
    long fromMs = timer.getNamespace();
    windows.setCurrentNamespace(fromMs);
    WindowStats stats = windows.getInternal();
    if (stats == null) return;
    if (stats.firings == 0) {
      account.add(Count.OPEN, timers.currentProcessingTime(), -stats.sampleCount);
      write(fromMs, stats, timers.currentProcessingTime());
      if (settings.latenessMs > 0) {
        registerTimer(fromMs, true);
        return;
      }
    }
    windows.clear();
    ids.clear(windowNumber(fromMs), stats);
  }

  @Override
  public void onProcessingTime(InternalTimer<Tuple3<String, String, String>, Long> timer) {
    throw new IllegalStateException("No timer of processing time is set; this is a bug in pulselake.");
  }

  @Override
  public void processWatermark(Watermark mark) throws Exception {
    if (mark.getTimestamp() <= watermarkMs) return;
    watermarkMs = mark.getTimestamp();
    super.processWatermark(mark);
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) {
    sendAccount(checkpointId);
  }

  @Override
  public void finish() throws Exception {
    super.finish();
    sendAccount(Long.MAX_VALUE);
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    savedWatermark.update(List.of(watermarkMs));
  }

  /** One timer a window: until it is written the one that writes it, then the one that forgets it. */
  private void registerTimer(long fromMs, boolean isWritten) {
    long lastInstant = settings.lastInstant(fromMs);
    timers.registerEventTimeTimer(fromMs, isWritten ? lastInstant + settings.latenessMs : lastInstant);
  }

  /** Sends what the window at hand holds, and keeps that it was sent. */
  private void write(long fromMs, WindowStats stats, long atMs) throws Exception {
    @SuppressWarnings("unchecked")
    Tuple3<String, String, String> series = (Tuple3<String, String, String>) getCurrentKey();
    WindowedMetric window = new WindowedMetric();
    window.componentName = series.f0;
    window.metricName = series.f1;
    window.unit = series.f2;
    window.minValue = stats.minValue;
    window.maxValue = stats.maxValue;
    window.sumValue = stats.total();
    window.sampleCount = stats.sampleCount;
    window.fromMs = fromMs;
    window.toMs = fromMs + settings.sizeMs;
    window.revision = stats.firings;
    window.emittedAtMs = timers.currentProcessingTime();
    account.add(Count.ROWS_WRITTEN, atMs, 1);
    if (stats.firings++ > 0) {
      revisions.inc();
      account.add(Count.WINDOWS_CORRECTED, atMs, 1);
    }
    windows.updateInternal(stats);
    output.collect(new StreamRecord<>(window, fromMs + settings.sizeMs - 1));
  }

  private long windowNumber(long timestampMs) {
    return Math.floorDiv(timestampMs, settings.sizeMs);
  }

  private void sendAccount(long checkpointId) {
    for (AccountEntry entry : account.take(checkpointId)) {
      output.collect(SideOutputs.ACCOUNTS, new StreamRecord<>(entry));
    }
  }

  /** Counts an event into its window, unless it is a repeat. One look at the state for one event. */
  private final class AddEvent implements AggregateFunction<MetricEvent, WindowStats, WindowStats> {
    private static final long serialVersionUID = 1;

    /** The number of the window that the event at hand lies in. */
    private long window;

    /** Of the last event; null when it has no id. */
    private EventIds.Outcome outcome;

    private boolean isNew;

    @Override
    public WindowStats createAccumulator() {
      return new WindowStats();
    }

    @Override
    public WindowStats add(MetricEvent event, WindowStats stats) {
      isNew = stats.sampleCount == 0;
      outcome = event.eventId == null ? null : outcomeOf(event, stats);
      if (outcome != EventIds.Outcome.REPEATED) stats.add(event.value);
      return stats;
    }

    @Override
    public WindowStats getResult(WindowStats stats) {
      return stats;
    }

    @Override
    public WindowStats merge(WindowStats a, WindowStats b) {
      throw new UnsupportedOperationException("Windows are never merged; this is a bug in pulselake.");
    }

    private EventIds.Outcome outcomeOf(MetricEvent event, WindowStats stats) {
      try {
        return ids.add(window, stats, event);
      } catch (Exception error) {
        throw new FlinkRuntimeException("The event ids of a window could not be read or written.", error);
      }
    }
  }
}
