package io.pulselake.windowaggregator.metrics;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.metrics.Meter;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

/** Remembers the meters that a job gives to reporters, as the one of the service would see them. */
public final class SeenMeters implements MetricReporter, MetricReporterFactory {
  private static final Map<Meter, String> METERS = new ConcurrentHashMap<>();

  public static void forget() {
    METERS.clear();
  }

  /** Events of all subtasks by `group/name`. */
  public static Map<String, Long> counts() {
    Map<String, Long> counts = new TreeMap<>();
    METERS.forEach((meter, name) -> counts.merge(name, meter.getCount(), Long::sum));
    return counts;
  }

  @Override
  public MetricReporter createMetricReporter(java.util.Properties properties) {
    return this;
  }

  @Override
  public void open(MetricConfig config) {}

  @Override
  public void close() {}

  @Override
  public void notifyOfAddedMetric(Metric metric, String name, MetricGroup group) {
    String[] scope = group.getScopeComponents();
    if (metric instanceof Meter && Arrays.asList(scope).contains(ServiceRates.GROUP)) {
      METERS.put((Meter) metric, scope[scope.length - 1] + "/" + name);
    }
  }

  @Override
  public void notifyOfRemovedMetric(Metric metric, String name, MetricGroup group) {}
}
