package io.pulselake.windowaggregator.time;

/** A shard as savepoints hold it. A POJO in Flink's sense. */
public class SavedShard {
  public String shardId;

  /** Highest event time, milliseconds since the epoch. */
  public long highestMs;

  /** False when it was silent: nobody waits for it. */
  public boolean isActive;

  static SavedShard of(String shardId, long highestMs, boolean isActive) {
    SavedShard saved = new SavedShard();
    saved.shardId = shardId;
    saved.highestMs = highestMs;
    saved.isActive = isActive;
    return saved;
  }
}
