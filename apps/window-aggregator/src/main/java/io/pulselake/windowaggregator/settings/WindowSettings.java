package io.pulselake.windowaggregator.settings;

import java.io.Serializable;

/** The settings of event-time windows: names, ranges and defaults as in every engine, here in milliseconds. */
public final class WindowSettings implements Serializable {
  private static final long serialVersionUID = 1;

  /** Length of a tumbling window, aligned to the epoch. */
  public final long sizeMs;

  /** How far the watermark stays behind the highest event time seen, and one millisecond more. */
  public final long lagMs;

  /** After this silence a shard no longer holds the watermark back. */
  public final long idleMs;

  /** How long, in watermark time, a closed window still takes events and is written again. */
  public final long latenessMs;

  /** An event further ahead of the clock than this is rejected as {@code future}. */
  public final long maxFutureSkewMs;

  public WindowSettings(
      int windowSizeSeconds,
      int outOfOrdernessSeconds,
      int idleTimeoutSeconds,
      int allowedLatenessSeconds,
      int maxFutureSkewSeconds) {
    sizeMs = windowSizeSeconds * 1000L;
    lagMs = outOfOrdernessSeconds * 1000L + 1;
    idleMs = idleTimeoutSeconds * 1000L;
    latenessMs = allowedLatenessSeconds * 1000L;
    maxFutureSkewMs = maxFutureSkewSeconds * 1000L;
  }

  /** Every setting at its default. */
  public static WindowSettings defaults() {
    return new WindowSettings(300, 30, 60, 600, 300);
  }

  /** Start of the window that an instant lies in. */
  public long windowStart(long timestampMs) {
    return Math.floorDiv(timestampMs, sizeMs) * sizeMs;
  }

  /** The last instant of the window that starts at {@code fromMs}: it is due when the watermark is there. */
  public long lastInstant(long fromMs) {
    return fromMs + sizeMs - 1;
  }

  /** Whether a window is no longer held. */
  public boolean isPast(long fromMs, long watermarkMs) {
    return lastInstant(fromMs) + latenessMs <= watermarkMs;
  }
}
