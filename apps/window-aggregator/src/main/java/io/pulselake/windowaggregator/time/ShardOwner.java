package io.pulselake.windowaggregator.time;

/** Which subtask reads a shard: the source and the operator behind it must agree, also after a restore with others. */
public final class ShardOwner {
  private ShardOwner() {}

  /**
   * Shards are numbered one after the other, so the numbers spread them evenly.
   *
   * @param shardId as Kinesis gives it, {@code shardId-000000000003}
   * @return from 0 (inclusive) to {@code parallelism} (exclusive)
   */
  public static int subtaskOf(String shardId, int parallelism) {
    String number = shardId.replaceFirst("^.*?(\\d{1,18})$", "$1");
    long order = number.matches("\\d{1,18}") ? Long.parseLong(number) : shardId.hashCode();
    return (int) Math.floorMod(order, (long) parallelism);
  }
}
