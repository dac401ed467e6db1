package io.pulselake.windowaggregator.time;

import static org.assertj.core.api.Assertions.assertThat;

import io.pulselake.windowaggregator.model.Arrival;
import io.pulselake.windowaggregator.model.MetricEvent;
import io.pulselake.windowaggregator.model.RejectReason;
import io.pulselake.windowaggregator.model.RejectedRecord;
import io.pulselake.windowaggregator.settings.WindowSettings;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventTimeOperatorTest {
  private static final long T = 1_714_564_800_000L;
  private static final long MINUTE = 60_000;
  private static final long LAG = 30_001;

  private OneInputStreamOperatorTestHarness<Arrival, MetricEvent> operator;

  @BeforeEach
  void open() throws Exception {
    operator = operatorOf(Long.MIN_VALUE);
  }

  @AfterEach
  void close() throws Exception {
    operator.close();
  }

  @Test
  void followsTheSlowestOfTheShardsOfOneSubtask() throws Exception {
    afterTheStart();
    event("a", T);
    event("b", T);
    event("a", T + 60 * MINUTE);
    tick(11);
    assertThat(lastWatermark()).isEqualTo(T - LAG);
    event("b", T + 20 * MINUTE);
    assertThat(lastWatermark()).isEqualTo(T + 20 * MINUTE - LAG);
  }

  @Test
  void waitsAtTheStartForShardsThatHaveNotBeenReadYet() throws Exception {
    event("a", T + 60 * MINUTE);
    tick(5);
    event("b", T);
    tick(9);
    assertThat(watermarks()).isEmpty();
    tick(10);
    assertThat(lastWatermark()).isEqualTo(T - LAG);
  }

  @Test
  void isNotHeldBackByAShardThatFallsSilent() throws Exception {
    afterTheStart();
    event("silent", T);
    tick(59);
    event("a", T + 10 * MINUTE);
    assertThat(lastWatermark()).isEqualTo(T - LAG);
    tick(70);
    assertThat(lastWatermark()).isEqualTo(T + 10 * MINUTE - LAG);
  }

  @Test
  void isNotHeldBackByAShardThatBringsOnlyWhatIsRejectedOrLate() throws Exception {
    afterTheStart();
    event("bad", T);
    event("a", T);
    for (int second = 11; second <= 80; second++) {
      tick(second);
      rejected("bad");
      event("a", T + second * MINUTE);
    }
    assertThat(lastWatermark()).isGreaterThan(T + 70 * MINUTE);
    long before = lastWatermark();
    event("bad", T);
    event("a", T + 100 * MINUTE);
    assertThat(lastWatermark()).isGreaterThan(before);
  }

  @Test
  void bringsTheWatermarkWhenAWindowFallsDueNotWithEachEvent() throws Exception {
    afterTheStart();
    for (int second = 0; second < 900; second++) event("a", T + second * 1000);
    // The first, and one for each border of a window passed by the watermark itself or by it less the lateness.
    assertThat(watermarks()).hasSize(1 + 3);
  }

  @Test
  void closesTheLastWindowOfAQuietStreamAndGoesNoFurther() throws Exception {
    afterTheStart();
    event("a", T + 60_000);
    tick(10 + 59);
    assertThat(statuses()).doesNotContain(WatermarkStatus.IDLE);
    tick(10 + 60);
    assertThat(statuses()).endsWith(WatermarkStatus.IDLE);
    assertThat(lastWatermark()).isEqualTo(T + 60_000 - LAG + 60_000);
    tick(3600);
    assertThat(lastWatermark()).isEqualTo(T + 5 * MINUTE - 1);
    event("a", T + 5 * MINUTE);
    assertThat(operator.extractOutputValues()).hasSize(2);
  }

  @Test
  void waitsAfterARestoreForTheShardsThatItKnew() throws Exception {
    afterTheStart();
    event("shardId-000000000000", T);
    event("shardId-000000000002", T);
    event("silent-1", T - 2 * MINUTE);
    tick(20);
    OperatorSubtaskState saved = operator.snapshot(1, 1);
    operator.close();

    operator = new OneInputStreamOperatorTestHarness<>(new EventTimeOperator(WindowSettings.defaults(), Long.MIN_VALUE));
    operator.setProcessingTime(T);
    operator.initializeState(saved);
    operator.open();
    tick(15);
    event("shardId-000000000000", T + 60 * MINUTE);
    tick(59);
    assertThat(lastWatermark()).isLessThanOrEqualTo(T - LAG);
    event("shardId-000000000002", T + 10 * MINUTE);
    tick(70);
    assertThat(lastWatermark()).isEqualTo(T + 10 * MINUTE - LAG);
  }

  @Test
  void takesUpOnlyItsOwnShardsWithAnotherParallelism() throws Exception {
    afterTheStart();
    event("shardId-000000000000", T);
    event("shardId-000000000001", T - 20 * MINUTE);
    OperatorSubtaskState saved = operator.snapshot(1, 1);
    operator.close();

    operator =
        new OneInputStreamOperatorTestHarness<>(
            new EventTimeOperator(WindowSettings.defaults(), Long.MIN_VALUE), 128, 2, 0);
    operator.setProcessingTime(T);
    operator.initializeState(AbstractStreamOperatorTestHarness.repartitionOperatorState(saved, 128, 1, 2, 0));
    operator.open();
    tick(15);
    assertThat(lastWatermark()).isEqualTo(T - LAG);
  }

  @Test
  void lieEventsBeforeTheStartOutOfRange() throws Exception {
    operator.close();
    operator = operatorOf(T + 1);
    afterTheStart();
    event("a", T + 5 * MINUTE - 1);
    event("a", T + 5 * MINUTE);
    assertThat(operator.extractOutputValues()).extracting(event -> event.timestampMs).containsExactly(T + 5 * MINUTE);
  }

  private static OneInputStreamOperatorTestHarness<Arrival, MetricEvent> operatorOf(long startAtMs) throws Exception {
    OneInputStreamOperatorTestHarness<Arrival, MetricEvent> harness =
        new OneInputStreamOperatorTestHarness<>(new EventTimeOperator(WindowSettings.defaults(), startAtMs));
    harness.setProcessingTime(T);
    harness.open();
    return harness;
  }

  private void afterTheStart() throws Exception {
    tick(10);
    operator.getOutput().clear();
  }

  private void tick(long second) throws Exception {
    operator.setProcessingTime(T + second * 1000);
  }

  private void event(String shard, long timestampMs) throws Exception {
    MetricEvent event = new MetricEvent();
    event.timestampMs = timestampMs;
    event.arrivedAtMs = T;
    operator.processElement(new StreamRecord<>(Arrival.of(shard, event)));
  }

  private void rejected(String shard) throws Exception {
    RejectedRecord record = new RejectedRecord();
    record.reason = RejectReason.MALFORMED;
    operator.processElement(new StreamRecord<>(Arrival.of(shard, record)));
  }

  private List<Long> watermarks() {
    List<Long> marks = new ArrayList<>();
    for (Object element : operator.getOutput()) {
      if (element instanceof Watermark) marks.add(((Watermark) element).getTimestamp());
    }
    return marks;
  }

  private long lastWatermark() {
    List<Long> marks = watermarks();
    return marks.get(marks.size() - 1);
  }

  private List<WatermarkStatus> statuses() {
    List<WatermarkStatus> statuses = new ArrayList<>();
    for (Object element : operator.getOutput()) {
      if (element instanceof WatermarkStatus) statuses.add((WatermarkStatus) element);
    }
    return statuses;
  }
}
