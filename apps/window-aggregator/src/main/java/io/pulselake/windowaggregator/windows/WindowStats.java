package io.pulselake.windowaggregator.windows;

/**
 * What is held of one window of one series. A POJO in Flink's sense: fields may be added, and old savepoints still
 * restore.
 */
public class WindowStats {
  public double minValue = Double.POSITIVE_INFINITY;
  public double maxValue = Double.NEGATIVE_INFINITY;
  public double sum;

  /** What the sum lost to rounding (Kahan–Neumaier). */
  public double compensation;

  public long sampleCount;

  /** How often the window was written; the next result's revision. */
  public int firings;

  /** Event ids held. */
  public int ids;

  /** Buckets that the ids are spread over: 0, or a power of two. */
  public int idBuckets;

  /**
   * Adds a value. The order of additions is that of arrival, so the sum agrees to the last bit with every engine that
   * adds in the same order.
   */
  public void add(double value) {
    if (value < minValue) minValue = value;
    if (value > maxValue) maxValue = value;
    double next = sum + value;
    compensation += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
    sampleCount++;
  }

  /** The compensated sum; infinite or NaN when it is beyond double. */
  public double total() {
    return sum + compensation;
  }
}
