package io.pulselake.windowaggregator.time;

import io.pulselake.windowaggregator.settings.WindowSettings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The watermark of one subtask: the least of its shards', each the highest event time − out-of-orderness − 1 ms.
 *
 * <p>Only events that still have a window move or wake a shard. A shard that is silent, or brings only what is late or
 * rejected, no longer holds the others back after the idle timeout; when all are silent, event time goes on with
 * processing time until the last window that has an event is due, and no further: what comes after a pause of the
 * reader must not be late without need.
 */
final class ShardWatermarks {
  /**
   * At the start nobody knows yet which shards have something to say: the first to be read must not run ahead of the
   * others.
   */
  static final long START_HOLD_MS = 10_000;

  private final WindowSettings settings;
  private final long heldUntilMs;
  private final Map<String, Shard> shards = new HashMap<>();
  private long watermarkMs = Long.MIN_VALUE;

  ShardWatermarks(WindowSettings settings, long openedAtMs) {
    this.settings = settings;
    heldUntilMs = openedAtMs + Math.min(START_HOLD_MS, settings.idleMs);
  }

  /** Event time up to which everything is taken to have arrived; {@code Long.MIN_VALUE} before that is known. */
  long watermarkMs() {
    return watermarkMs;
  }

  /** Takes note of an event, after which the watermark may have moved. */
  void observe(String shardId, long timestampMs, long nowMs) {
    if (settings.isPast(settings.windowStart(timestampMs), watermarkMs)) return;
    Shard shard = shards.computeIfAbsent(shardId, id -> new Shard());
    shard.activeAtMs = nowMs;
    if (timestampMs <= shard.highestMs) return;
    shard.highestMs = timestampMs;
    if (nowMs >= heldUntilMs) advance(leastActive(nowMs));
  }

  /**
   * Lets processing time pass.
   *
   * @return whether all shards are silent: others need not wait for this subtask then
   */
  boolean advanceClock(long nowMs) {
    if (nowMs < heldUntilMs) return false;
    long least = leastActive(nowMs);
    if (least != Long.MAX_VALUE) {
      advance(least);
      return false;
    }
    if (!shards.isEmpty()) advance(afterSilence(nowMs));
    return true;
  }

  /** What another one needs to go on: the shards that are not silent, and the one that is furthest ahead. */
  List<SavedShard> save(long nowMs) {
    long furthest = shards.values().stream().mapToLong(shard -> shard.highestMs).max().orElse(Long.MIN_VALUE);
    List<SavedShard> saved = new ArrayList<>();
    shards.forEach(
        (id, shard) -> {
          boolean isActive = isActive(shard, nowMs);
          if (isActive || shard.highestMs == furthest) saved.add(SavedShard.of(id, shard.highestMs, isActive));
        });
    return saved;
  }

  /** Takes up a shard: one that was not silent is waited for as if it had just brought an event. */
  void restore(SavedShard saved, long nowMs) {
    Shard shard = new Shard();
    shard.highestMs = saved.highestMs;
    shard.activeAtMs = saved.isActive ? nowMs : nowMs - settings.idleMs;
    shards.put(saved.shardId, shard);
  }

  private long leastActive(long nowMs) {
    long least = Long.MAX_VALUE;
    for (Shard shard : shards.values()) {
      if (isActive(shard, nowMs)) least = Math.min(least, shard.highestMs - settings.lagMs);
    }
    return least;
  }

  private boolean isActive(Shard shard, long nowMs) {
    return nowMs - shard.activeAtMs < settings.idleMs;
  }

  private long afterSilence(long nowMs) {
    long highest = Long.MIN_VALUE;
    long activeAt = Long.MIN_VALUE;
    for (Shard shard : shards.values()) {
      highest = Math.max(highest, shard.highestMs);
      activeAt = Math.max(activeAt, shard.activeAtMs);
    }
    long lastDue = settings.lastInstant(settings.windowStart(highest));
    return Math.min(highest - settings.lagMs + (nowMs - activeAt), lastDue);
  }

  private void advance(long toMs) {
    if (toMs != Long.MAX_VALUE) watermarkMs = Math.max(watermarkMs, toMs);
  }

  private static final class Shard {
    long highestMs = Long.MIN_VALUE;
    long activeAtMs;
  }
}
