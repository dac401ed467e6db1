package io.pulselake.windowaggregator.time;

import io.pulselake.windowaggregator.metrics.ServiceRates;
import io.pulselake.windowaggregator.model.AccountEntry;
import io.pulselake.windowaggregator.model.Arrival;
import io.pulselake.windowaggregator.model.Count;
import io.pulselake.windowaggregator.model.MetricEvent;
import io.pulselake.windowaggregator.model.RejectReason;
import io.pulselake.windowaggregator.settings.WindowSettings;
import io.pulselake.windowaggregator.topology.SideOutputs;
import io.pulselake.windowaggregator.account.DayAccount;
import java.util.EnumMap;
import java.util.Map;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Meter;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

/**
 * Stands right behind the source, in its thread: sorts out what is no event, counts every record, and makes the
 * watermark from the shards that the records name.
 *
 * <p>Watermarks go out when a window falls due or is to be forgotten, so whether an event is late depends on the order
 * of events within its shard only, not on a timer; and each second, for processing time's sake.
 */
public class EventTimeOperator extends AbstractStreamOperator<MetricEvent>
    implements OneInputStreamOperator<Arrival, MetricEvent> {
  private static final long serialVersionUID = 1;
  private static final long TICK_MS = 1000;

  private final WindowSettings settings;

  /** Earlier events are out of range; {@code Long.MIN_VALUE} for none. */
  private final long startAtMs;

  private transient ShardWatermarks shards;
  private transient ListState<SavedShard> savedShards;
  private transient DayAccount account;
  private transient Map<RejectReason, Counter> rejected;
  private transient Counter outOfRange;
  private transient Meter readRate;
  private transient Meter rejectedRate;
  private transient long sentMs;

  /** The next watermark at which a window falls due or is to be forgotten. */
  private transient long dueMs;
  private transient boolean isIdle;

  public EventTimeOperator(WindowSettings settings, long startAtMs) {
    this.settings = settings;
    this.startAtMs = startAtMs == Long.MIN_VALUE ? startAtMs : windowAtOrAfter(settings, startAtMs);
    chainingStrategy = ChainingStrategy.ALWAYS;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    long nowMs = getProcessingTimeService().getCurrentProcessingTime();
    shards = new ShardWatermarks(settings, nowMs);
    savedShards =
        context
            .getOperatorStateStore()
            .getUnionListState(new ListStateDescriptor<>("shards", Types.POJO(SavedShard.class)));
    TaskInfo task = getRuntimeContext().getTaskInfo();
    for (SavedShard saved : savedShards.get()) {
      // Those of this subtask, which may be others than before. Without them the first shard to bring something after a
      // restore would run ahead of the others.
      int owner = ShardOwner.subtaskOf(saved.shardId, task.getNumberOfParallelSubtasks());
      if (owner == task.getIndexOfThisSubtask()) shards.restore(saved, nowMs);
    }
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    savedShards.update(shards.save(getProcessingTimeService().getCurrentProcessingTime()));
  }

  @Override
  public void open() throws Exception {
    super.open();
    long nowMs = getProcessingTimeService().getCurrentProcessingTime();
    account = new DayAccount("intake", getRuntimeContext().getTaskInfo().getIndexOfThisSubtask());
    sentMs = Long.MIN_VALUE;
    // The first one goes out, whatever it is.
    dueMs = Long.MIN_VALUE + 1;
    outOfRange = getMetricGroup().counter("outOfRange");
    rejected = new EnumMap<>(RejectReason.class);
    for (RejectReason reason : RejectReason.values()) {
      if (reason != RejectReason.LATE) {
        rejected.put(reason, getMetricGroup().addGroup("reason", reason.code()).counter("rejected"));
      }
    }
    readRate = ServiceRates.meter(getMetricGroup(), ServiceRates.READ);
    rejectedRate = ServiceRates.meter(getMetricGroup(), ServiceRates.REJECTED);
    getMetricGroup().gauge("watermarkLagMs", () -> lagMs());
    scheduleTick(nowMs);
  }

  @Override
  public void processElement(StreamRecord<Arrival> element) {
    Arrival arrival = element.getValue();
    readRate.markEvent();
    if (arrival.event == null) {
      account.add(Count.READ, arrival.rejected.arrivedAtMs, 1);
      account.addRejected(arrival.rejected.reason, arrival.rejected.arrivedAtMs);
      rejected.get(arrival.rejected.reason).inc();
      rejectedRate.markEvent();
      output.collect(SideOutputs.REJECTED, new StreamRecord<>(arrival.rejected));
      return;
    }
    MetricEvent event = arrival.event;
    account.add(Count.READ, event.arrivedAtMs, 1);
    if (event.timestampMs < startAtMs) {
      account.add(Count.OUT_OF_RANGE, event.arrivedAtMs, 1);
      outOfRange.inc();
      return;
    }
    output.collect(element.replace(event, event.timestampMs));
    shards.observe(arrival.shardId, event.timestampMs, getProcessingTimeService().getCurrentProcessingTime());
    if (shards.watermarkMs() >= dueMs) {
      wake();
      send(shards.watermarkMs());
    }
  }

  /** The source's own watermarks are not asked for, but for the last one, after the end of a bounded input. */
  @Override
  public void processWatermark(Watermark mark) {
    if (mark.getTimestamp() != Watermark.MAX_WATERMARK.getTimestamp()) return;
    wake();
    send(mark.getTimestamp());
  }

  /** Whether this subtask is idle is decided here. */
  @Override
  public void processWatermarkStatus(WatermarkStatus status) {}

  /** The entries count with the checkpoint whose barrier follows them. */
  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) {
    sendAccount(checkpointId);
  }

  @Override
  public void finish() {
    sendAccount(Long.MAX_VALUE);
  }

  private void tick(long nowMs) {
    boolean allSilent = shards.advanceClock(nowMs);
    long watermarkMs = shards.watermarkMs();
    if (watermarkMs > sentMs) {
      // An idle subtask's watermark is not heard: it wakes for as long as it takes to say it. Nobody waits for it, and
      // where all are silent the one furthest ahead is followed.
      wake();
      send(watermarkMs);
    }
    if (!allSilent) wake();
    else if (!isIdle) {
      isIdle = true;
      output.emitWatermarkStatus(WatermarkStatus.IDLE);
    }
    scheduleTick(nowMs);
  }

  private void scheduleTick(long nowMs) {
    getProcessingTimeService().registerTimer(nowMs + TICK_MS, this::tick);
  }

  private void wake() {
    if (!isIdle) return;
    isIdle = false;
    output.emitWatermarkStatus(WatermarkStatus.ACTIVE);
  }

  private void send(long watermarkMs) {
    sentMs = watermarkMs;
    dueMs = Math.min(nextBorder(watermarkMs), nextBorder(watermarkMs - settings.latenessMs) + settings.latenessMs);
    output.emitWatermark(new Watermark(watermarkMs));
  }

  /** The least watermark above this one at which a window is over. */
  private long nextBorder(long watermarkMs) {
    return settings.lastInstant(settings.windowStart(watermarkMs + 1));
  }

  private void sendAccount(long checkpointId) {
    for (AccountEntry entry : account.take(checkpointId)) {
      output.collect(SideOutputs.ACCOUNTS, new StreamRecord<>(entry));
    }
  }

  private long lagMs() {
    return sentMs == Long.MIN_VALUE ? 0 : getProcessingTimeService().getCurrentProcessingTime() - sentMs;
  }

  private static long windowAtOrAfter(WindowSettings settings, long instantMs) {
    long fromMs = settings.windowStart(instantMs);
    return fromMs == instantMs ? fromMs : fromMs + settings.sizeMs;
  }
}
