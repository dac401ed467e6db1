package io.pulselake.windowaggregator.topology;

import io.pulselake.windowaggregator.model.MetricEvent;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.api.java.tuple.Tuple3;

/** What has windows of its own: component, metric and unit. */
public final class SeriesKey implements KeySelector<MetricEvent, Tuple3<String, String, String>> {
  private static final long serialVersionUID = 1;

  public static final TypeInformation<Tuple3<String, String, String>> TYPE =
      Types.TUPLE(Types.STRING, Types.STRING, Types.STRING);

  @Override
  public Tuple3<String, String, String> getKey(MetricEvent event) {
    return Tuple3.of(event.componentName, event.metricName, event.unit);
  }
}
