package io.pulselake.windowaggregator.topology;

import io.pulselake.windowaggregator.model.AccountEntry;
import io.pulselake.windowaggregator.model.Arrival;
import io.pulselake.windowaggregator.model.RejectedRecord;
import io.pulselake.windowaggregator.model.WindowedMetric;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamSink;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Where the topology's records come from and go to: the only place that knows a connector. */
public interface Endpoints {
  /** Records in the order of their shards. Watermarks are not asked of it. */
  SingleOutputStreamOperator<Arrival> source(StreamExecutionEnvironment environment);

  /** Takes each window at least once. */
  DataStreamSink<?> windows(DataStream<WindowedMetric> windows);

  /** Takes each rejected record once, with the checkpoint that follows it. */
  DataStreamSink<?> rejected(DataStream<RejectedRecord> rejected);

  /** Takes each entry once, with its checkpoint. */
  DataStreamSink<?> accounts(DataStream<AccountEntry> accounts);
}
