package io.pulselake.windowaggregator.model;

/**
 * A valid metric event on its way to its window. A POJO in Flink's sense: public fields, no-argument
 * constructor, so that its serialised form can take further fields.
 */
public class MetricEvent {
  public String componentName;
  public String metricName;
  public String unit;

  /** Finite. */
  public double value;

  /** Event time, milliseconds since the epoch. */
  public long timestampMs;

  /** Null when the event has none. */
  public String eventId;

  /** Kinesis sequence number; null where the source has none. */
  public String sequenceNumber;

  /** When the stream took it, milliseconds since the epoch. */
  public long arrivedAtMs;
}
