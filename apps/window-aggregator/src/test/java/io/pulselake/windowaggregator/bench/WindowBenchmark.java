package io.pulselake.windowaggregator.bench;

import io.pulselake.windowaggregator.model.AccountEntry;
import io.pulselake.windowaggregator.model.Arrival;
import io.pulselake.windowaggregator.model.MetricEvent;
import io.pulselake.windowaggregator.model.RejectedRecord;
import io.pulselake.windowaggregator.model.WindowedMetric;
import io.pulselake.windowaggregator.settings.WindowSettings;
import io.pulselake.windowaggregator.topology.Endpoints;
import io.pulselake.windowaggregator.topology.SeriesKey;
import io.pulselake.windowaggregator.topology.WindowTopology;
import java.time.Duration;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamSink;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.streaming.api.functions.source.RichParallelSourceFunction;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;

/**
 * Events per second of the job with everything on, or of a bare keyed window on the same generated events, parallelism 2.
 * Arguments: {@code ours | bare}, the number of events, the checkpoint interval in seconds, a folder for
 * checkpoints, and a state backend other than the default.
 */
public final class WindowBenchmark {
  private static final int SERIES = 200;
  private static final long START_MS = 1_714_564_800_000L;

  private WindowBenchmark() {}

  public static void main(String[] arguments) throws Exception {
    boolean isOurs = arguments[0].equals("ours");
    long events = Long.parseLong(arguments[1]);
    Configuration configuration = new Configuration();
    configuration.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, "file://" + arguments[3]);
    configuration.set(PipelineOptions.OBJECT_REUSE, true);
    // The service's state backend, when asked for.
    if (arguments.length > 4) configuration.set(StateBackendOptions.STATE_BACKEND, arguments[4]);
    StreamExecutionEnvironment environment = StreamExecutionEnvironment.createLocalEnvironment(2, configuration);
    environment.enableCheckpointing(Long.parseLong(arguments[2]) * 1000);
    if (isOurs) {
      Discarding endpoints = new Discarding(events / 2);
      WindowTopology.build(environment, endpoints, WindowSettings.defaults(), Long.MIN_VALUE, 1_000_000);
    } else {
      bare(environment, events / 2);
    }
    long millis = environment.execute().getNetRuntime();
    System.out.println("seconds " + millis / 1000.0);
  }

  /** The least that gives five-minute windows: no ids, no corrections, no account, no rejected records. */
  @SuppressWarnings("deprecation") // The plain source is all a benchmark needs.
  private static void bare(StreamExecutionEnvironment environment, long eventsPerSubtask) {
    environment
        .addSource(new EventSource(eventsPerSubtask), Types.POJO(MetricEvent.class))
        .assignTimestampsAndWatermarks(
            WatermarkStrategy.<MetricEvent>forBoundedOutOfOrderness(Duration.ofSeconds(30))
                .withTimestampAssigner((event, before) -> event.timestampMs))
        .keyBy(new SeriesKey(), SeriesKey.TYPE)
        .window(TumblingEventTimeWindows.of(Duration.ofMinutes(5)))
        .aggregate(new MinMaxSumCount(), Types.POJO(Stats.class), Types.POJO(Stats.class))
        .sinkTo(new DiscardingSink<>());
  }

  /** Statistics without anything else. */
  public static class Stats {
    public double min = Double.POSITIVE_INFINITY;
    public double max = Double.NEGATIVE_INFINITY;
    public double sum;
    public long count;
  }

  private static final class MinMaxSumCount implements AggregateFunction<MetricEvent, Stats, Stats> {
    private static final long serialVersionUID = 1;

    @Override
    public Stats createAccumulator() {
      return new Stats();
    }

    @Override
    public Stats add(MetricEvent event, Stats stats) {
      stats.min = Math.min(stats.min, event.value);
      stats.max = Math.max(stats.max, event.value);
      stats.sum += event.value;
      stats.count++;
      return stats;
    }

    @Override
    public Stats getResult(Stats stats) {
      return stats;
    }

    @Override
    public Stats merge(Stats a, Stats b) {
      throw new UnsupportedOperationException();
    }
  }

  /** Two hours of events in order, each with an id. */
  @SuppressWarnings("deprecation")
  private static final class EventSource extends RichParallelSourceFunction<MetricEvent> {
    private static final long serialVersionUID = 1;

    private final long events;
    private volatile boolean isRunning = true;

    EventSource(long events) {
      this.events = events;
    }

    @Override
    public void run(SourceContext<MetricEvent> context) {
      int subtask = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
      for (long number = 0; number < events && isRunning; number++) {
        synchronized (context.getCheckpointLock()) {
          context.collect(eventOf(number, events, subtask));
        }
      }
    }

    @Override
    public void cancel() {
      isRunning = false;
    }

    static MetricEvent eventOf(long number, long events, int subtask) {
      MetricEvent event = new MetricEvent();
      event.componentName = "service-" + number % SERIES;
      event.metricName = "request-duration";
      event.unit = "milliseconds";
      event.value = number % 1000 / 10.0;
      event.timestampMs = START_MS + number * 7_200_000 / events;
      event.eventId = subtask + "-" + number;
      event.sequenceNumber = "4962" + number;
      event.arrivedAtMs = event.timestampMs;
      return event;
    }
  }

  /** The same events as what the job's source gives. */
  @SuppressWarnings("deprecation")
  private static final class ArrivalSource extends RichParallelSourceFunction<Arrival> {
    private static final long serialVersionUID = 1;

    private final long events;
    private volatile boolean isRunning = true;

    ArrivalSource(long events) {
      this.events = events;
    }

    @Override
    public void run(SourceContext<Arrival> context) {
      int subtask = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
      String shard = "shardId-00000000000" + subtask;
      for (long number = 0; number < events && isRunning; number++) {
        synchronized (context.getCheckpointLock()) {
          context.collect(Arrival.of(shard, EventSource.eventOf(number, events, subtask)));
        }
      }
    }

    @Override
    public void cancel() {
      isRunning = false;
    }
  }

  private static final class Discarding implements Endpoints {
    private final long eventsPerSubtask;

    Discarding(long eventsPerSubtask) {
      this.eventsPerSubtask = eventsPerSubtask;
    }

    @Override
    @SuppressWarnings("deprecation")
    public SingleOutputStreamOperator<Arrival> source(StreamExecutionEnvironment environment) {
      TypeInformation<Arrival> type = Types.POJO(Arrival.class);
      return environment.addSource(new ArrivalSource(eventsPerSubtask), type);
    }

    @Override
    public DataStreamSink<?> windows(DataStream<WindowedMetric> windows) {
      return windows.sinkTo(new DiscardingSink<>());
    }

    @Override
    public DataStreamSink<?> rejected(DataStream<RejectedRecord> rejected) {
      return rejected.sinkTo(new DiscardingSink<>());
    }

    @Override
    public DataStreamSink<?> accounts(DataStream<AccountEntry> accounts) {
      return accounts.sinkTo(new DiscardingSink<>());
    }
  }
}
