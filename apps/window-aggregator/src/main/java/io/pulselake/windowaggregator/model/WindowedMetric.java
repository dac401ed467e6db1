package io.pulselake.windowaggregator.model;

/** The statistics of one series over one window {@code [fromMs, toMs)}. */
public class WindowedMetric {
  public String componentName;
  public String metricName;
  public String unit;
  public double minValue;
  public double maxValue;

  /** Compensated. Infinite or NaN when it lies beyond double: it is left out then. */
  public double sumValue;

  public long sampleCount;

  /** Milliseconds since the epoch, inclusive. */
  public long fromMs;

  /** Milliseconds since the epoch, exclusive. */
  public long toMs;

  /** 0 for the first result of a window, one more for each correction. */
  public int revision;

  /** Processing time, milliseconds since the epoch. */
  public long emittedAtMs;
}
