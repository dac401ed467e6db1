package io.pulselake.windowaggregator.windows;

import io.pulselake.windowaggregator.account.DayAccount;
import io.pulselake.windowaggregator.model.AccountEntry;
import io.pulselake.windowaggregator.model.Count;
import io.pulselake.windowaggregator.model.MetricEvent;
import io.pulselake.windowaggregator.model.RejectReason;
import io.pulselake.windowaggregator.model.WindowedMetric;
import io.pulselake.windowaggregator.parse.MetricEventParser;
import io.pulselake.windowaggregator.settings.WindowSettings;
import io.pulselake.windowaggregator.topology.SideOutputs;
import java.util.List;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.internal.InternalMapState;
import org.apache.flink.runtime.state.internal.InternalValueState;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

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
  private transient InternalValueState<Tuple3<String, String, String>, Long, WindowStats> windows;
  private transient InternalMapState<Tuple3<String, String, String>, Long, Integer, long[]> ids;
  private transient ListState<Long> savedWatermark;
  private transient long watermarkMs;
  private transient DayAccount account;
  private transient Counter late;
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
    windows =
        (InternalValueState<Tuple3<String, String, String>, Long, WindowStats>)
            getOrCreateKeyedState(
                LongSerializer.INSTANCE, new ValueStateDescriptor<>("windows", Types.POJO(WindowStats.class)));
    ids =
        (InternalMapState<Tuple3<String, String, String>, Long, Integer, long[]>)
            getOrCreateKeyedState(
                LongSerializer.INSTANCE,
                new MapStateDescriptor<>(
                    "eventIds", Types.INT, PrimitiveArrayTypeInfo.LONG_PRIMITIVE_ARRAY_TYPE_INFO));
    account = new DayAccount("windows", getRuntimeContext().getTaskInfo().getIndexOfThisSubtask());
    late = getMetricGroup().counter("late");
    duplicates = getMetricGroup().counter("duplicates");
    revisions = getMetricGroup().counter("revisions");
    idsNotHeld = getMetricGroup().counter("idsNotHeld");
  }

  @Override
  public void processElement(StreamRecord<MetricEvent> element) throws Exception {
    MetricEvent event = element.getValue();
    long fromMs = settings.windowStart(event.timestampMs);
    if (settings.isPast(fromMs, watermarkMs)) {
      late.inc();
      account.addRejected(RejectReason.LATE, event.arrivedAtMs);
      output.collect(
          SideOutputs.REJECTED,
          new StreamRecord<>(
              MetricEventParser.rejectedEvent(
                  RejectReason.LATE, "The window of the event is no longer held.", event)));
      return;
    }
    windows.setCurrentNamespace(fromMs);
    WindowStats stats = windows.value();
    boolean isNew = stats == null;
    if (isNew) stats = new WindowStats();
    if (event.eventId != null && isRepeated(event, fromMs, stats)) return;
    stats.add(event.value);
    account.add(Count.ACCEPTED, event.arrivedAtMs, 1);
    boolean isDue = settings.lastInstant(fromMs) <= watermarkMs;
    if (isNew) registerTimer(fromMs, isDue);
    if (isDue) write(fromMs, stats, event.arrivedAtMs);
    else account.add(Count.OPEN, event.arrivedAtMs, 1);
    windows.update(stats);
  }

  @Override
  public void onEventTime(InternalTimer<Tuple3<String, String, String>, Long> timer) throws Exception {
    long fromMs = timer.getNamespace();
    windows.setCurrentNamespace(fromMs);
    WindowStats stats = windows.value();
    if (stats == null) return;
    if (stats.firings == 0) {
      account.add(Count.OPEN, timers.currentProcessingTime(), -stats.sampleCount);
      write(fromMs, stats, timers.currentProcessingTime());
      windows.update(stats);
      if (settings.latenessMs > 0) {
        registerTimer(fromMs, true);
        return;
      }
    }
    windows.clear();
    ids.setCurrentNamespace(fromMs);
    ids.clear();
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

  private boolean isRepeated(MetricEvent event, long fromMs, WindowStats stats) throws Exception {
    ids.setCurrentNamespace(fromMs);
    EventIds.Outcome outcome = EventIds.add(ids, stats, event.eventId, maxIdsPerWindow);
    if (outcome == EventIds.Outcome.REPEATED) {
      duplicates.inc();
      account.add(Count.DUPLICATE, event.arrivedAtMs, 1);
      return true;
    }
    if (outcome == EventIds.Outcome.NOT_HELD) {
      idsNotHeld.inc();
      account.add(Count.IDS_NOT_HELD, event.arrivedAtMs, 1);
    }
    return false;
  }

  /** One timer a window: until it is written the one that writes it, then the one that forgets it. */
  private void registerTimer(long fromMs, boolean isWritten) {
    long lastInstant = settings.lastInstant(fromMs);
    timers.registerEventTimeTimer(fromMs, isWritten ? lastInstant + settings.latenessMs : lastInstant);
  }

  private void write(long fromMs, WindowStats stats, long atMs) {
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
    output.collect(new StreamRecord<>(window, fromMs + settings.sizeMs - 1));
  }

  private void sendAccount(long checkpointId) {
    for (AccountEntry entry : account.take(checkpointId)) {
      output.collect(SideOutputs.ACCOUNTS, new StreamRecord<>(entry));
    }
  }
}
