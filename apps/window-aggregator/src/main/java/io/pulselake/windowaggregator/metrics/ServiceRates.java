package io.pulselake.windowaggregator.metrics;

import org.apache.flink.metrics.Meter;
import org.apache.flink.metrics.MeterView;
import org.apache.flink.metrics.MetricGroup;

/**
 * Rates that Managed Service for Apache Flink brings to CloudWatch, where an alarm compares them. Of an application's own
 * metrics it takes only those in this group.
 */
public final class ServiceRates {
  public static final String GROUP = "kinesisanalytics";

  public static final String READ = "recordsReadPerSecond";
  public static final String REJECTED = "recordsRejectedPerSecond";
  public static final String LATE = "recordsLatePerSecond";

  /** The service reports each minute. */
  private static final int SECONDS = 60;

  private ServiceRates() {}

  /** @param operator of one subtask; the service adds up those of all */
  public static Meter meter(MetricGroup operator, String name) {
    return operator.addGroup(GROUP).meter(name, new MeterView(SECONDS));
  }
}
