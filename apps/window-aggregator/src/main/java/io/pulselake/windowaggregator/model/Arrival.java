package io.pulselake.windowaggregator.model;

/**
 * One record of the stream after parsing: exactly one of {@link #event} and {@link #rejected} is set.
 */
public class Arrival {
  /** The shard, or what stands for one: the watermark is kept per shard. */
  public String shardId;

  public MetricEvent event;
  public RejectedRecord rejected;

  public static Arrival of(String shardId, MetricEvent event) {
    Arrival arrival = new Arrival();
    arrival.shardId = shardId;
    arrival.event = event;
    return arrival;
  }

  public static Arrival of(String shardId, RejectedRecord rejected) {
    Arrival arrival = new Arrival();
    arrival.shardId = shardId;
    arrival.rejected = rejected;
    return arrival;
  }
}
