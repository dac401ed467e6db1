package io.pulselake.windowaggregator.topology;

import io.pulselake.windowaggregator.model.AccountEntry;
import io.pulselake.windowaggregator.model.Arrival;
import io.pulselake.windowaggregator.model.RejectedRecord;
import io.pulselake.windowaggregator.model.WindowedMetric;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamSink;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.SinkFunction;
import org.apache.flink.streaming.api.functions.source.RichParallelSourceFunction;

/** Endpoints for a cluster in the same JVM: each subtask reads its own list, and what comes out is kept by name. */
@SuppressWarnings("deprecation") // The plain functions are all a test needs.
final class MemoryEndpoints implements Endpoints, Serializable {
  private static final long serialVersionUID = 1;
  private static final Map<String, Run> RUNS = new ConcurrentHashMap<>();

  private final String run;

  /** What went in, and came out. */
  static final class Run {
    final List<List<Arrival>> subtasks;
    final Queue<WindowedMetric> windows = new ConcurrentLinkedQueue<>();
    final Queue<RejectedRecord> rejected = new ConcurrentLinkedQueue<>();
    final Queue<AccountEntry> accounts = new ConcurrentLinkedQueue<>();

    Run(List<List<Arrival>> subtasks) {
      this.subtasks = subtasks;
    }
  }

  MemoryEndpoints(String run, List<List<Arrival>> subtasks) {
    this.run = run;
    RUNS.put(run, new Run(subtasks));
  }

  Run result() {
    return RUNS.get(run);
  }

  @Override
  public SingleOutputStreamOperator<Arrival> source(StreamExecutionEnvironment environment) {
    return environment
        .addSource(new ListSource(run), Types.POJO(Arrival.class))
        .setParallelism(result().subtasks.size());
  }

  @Override
  public DataStreamSink<?> windows(DataStream<WindowedMetric> windows) {
    return windows.addSink(new Collect<>(run, "windows"));
  }

  @Override
  public DataStreamSink<?> rejected(DataStream<RejectedRecord> rejected) {
    return rejected.addSink(new Collect<>(run, "rejected"));
  }

  @Override
  public DataStreamSink<?> accounts(DataStream<AccountEntry> accounts) {
    return accounts.addSink(new Collect<>(run, "accounts"));
  }

  private static final class ListSource extends RichParallelSourceFunction<Arrival> {
    private static final long serialVersionUID = 1;

    private final String run;

    ListSource(String run) {
      this.run = run;
    }

    @Override
    public void run(SourceContext<Arrival> context) {
      int subtask = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
      for (Arrival arrival : RUNS.get(run).subtasks.get(subtask)) context.collect(arrival);
    }

    @Override
    public void cancel() {}
  }

  private static final class Collect<T> implements SinkFunction<T> {
    private static final long serialVersionUID = 1;

    private final String run;
    private final String kind;

    Collect(String run, String kind) {
      this.run = run;
      this.kind = kind;
    }

    @Override
    public void invoke(T value, Context context) {
      Run result = RUNS.get(run);
      if (value instanceof WindowedMetric) result.windows.add((WindowedMetric) value);
      else if (value instanceof RejectedRecord) result.rejected.add((RejectedRecord) value);
      else if (value instanceof AccountEntry) result.accounts.add((AccountEntry) value);
      else throw new IllegalStateException(kind + " got " + value);
    }
  }
}
