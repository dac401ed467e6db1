package io.pulselake.windowaggregator.topology;

import io.pulselake.windowaggregator.model.MetricEvent;
import io.pulselake.windowaggregator.model.WindowedMetric;
import io.pulselake.windowaggregator.settings.WindowSettings;
import io.pulselake.windowaggregator.time.EventTimeOperator;
import io.pulselake.windowaggregator.windows.MetricWindowOperator;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The whole job from source to sinks. Each operator has a fixed {@code uid}: savepoints find their state by it, so none
 * of them may ever change.
 */
public final class WindowTopology {
  private WindowTopology() {}

  /**
   * @param startAtMs events before it are out of range; {@code Long.MIN_VALUE} for none
   * @param maxEventIdsPerWindow how many event ids one window of one series holds at most
   */
  public static void build(
      StreamExecutionEnvironment environment,
      Endpoints endpoints,
      WindowSettings settings,
      long startAtMs,
      int maxEventIdsPerWindow) {
    Configuration configuration = new Configuration();
    // Falling back to Kryo would cost speed, and savepoints that cannot be upgraded.
    configuration.set(PipelineOptions.GENERIC_TYPES, false);
    // Operators here neither keep nor change what they have handed on.
    configuration.set(PipelineOptions.OBJECT_REUSE, true);
    environment.configure(configuration);

    SingleOutputStreamOperator<MetricEvent> events =
        endpoints
            .source(environment)
            .uid("source")
            .name("metric events")
            .transform("event time", Types.POJO(MetricEvent.class), new EventTimeOperator(settings, startAtMs))
            .uid("event-time");
    SingleOutputStreamOperator<WindowedMetric> windows =
        events
            .keyBy(new SeriesKey(), SeriesKey.TYPE)
            .transform(
                "windows",
                Types.POJO(WindowedMetric.class),
                new MetricWindowOperator(settings, maxEventIdsPerWindow))
            .uid("windows");

    endpoints.windows(windows).uid("windows-sink").name("windows out");
    endpoints
        .rejected(events.getSideOutput(SideOutputs.REJECTED).union(windows.getSideOutput(SideOutputs.REJECTED)))
        .uid("rejected-sink")
        .name("rejected records");
    endpoints
        .accounts(events.getSideOutput(SideOutputs.ACCOUNTS).union(windows.getSideOutput(SideOutputs.ACCOUNTS)))
        .uid("accounts-sink")
        .name("accounts");
  }
}
