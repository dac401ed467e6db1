package io.pulselake.windowaggregator.windows;

import io.pulselake.windowaggregator.model.MetricEvent;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.common.state.AggregatingStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.runtime.state.internal.InternalAggregatingState;

/**
 * The event ids counted in the windows of the current key, as 64-bit hashes in one or more buckets, each a hash table of
 * open addressing.
 *
 * <p>RocksDB reads and writes a bucket for each event: there they hold a few dozen ids. On the heap they are live objects,
 * and one is best: a look at the state costs more than one into a large table. Two of a hundred thousand ids of one
 * window collide with a probability of 3·10⁻¹⁰.
 */
final class EventIds {
  /** What became of an id. */
  enum Outcome {
    NEW,
    REPEATED,
    /** The window holds as many ids as it may: whether this one is a repeat cannot be told. */
    NOT_HELD
  }

  /** Ids of a bucket where state is bytes. */
  static final int SMALL_BUCKETS = 64;

  /** Ids of a bucket where state is objects: as many as a window may hold. */
  static final int ONE_BUCKET = Integer.MAX_VALUE;

  /** A namespace is the window's number and, in its last bits, the bucket. */
  private static final int BUCKET_BITS = 20;

  /** Slots of a new bucket; a power of two, as all are. */
  private static final int FIRST_SLOTS = 8;

  private static final long EMPTY = 0;

  private final InternalAggregatingState<Tuple3<String, String, String>, Long, MetricEvent, long[], long[]> buckets;
  private final AddHash add;
  private final int maxIds;
  private final int bucketTarget;

  /** Where the hashes are kept; {@code function} as given to the constructor. */
  static AggregatingStateDescriptor<MetricEvent, long[], long[]> descriptor(AddHash function) {
    return new AggregatingStateDescriptor<>(
        "eventIds", function, PrimitiveArrayTypeInfo.LONG_PRIMITIVE_ARRAY_TYPE_INFO);
  }

  /**
   * @param maxIds how many ids one window of one series holds at most
   * @param bucketTarget how many ids a bucket holds before all are split, {@link #SMALL_BUCKETS} or {@link #ONE_BUCKET}
   */
  EventIds(
      InternalAggregatingState<Tuple3<String, String, String>, Long, MetricEvent, long[], long[]> buckets,
      AddHash add,
      int maxIds,
      int bucketTarget) {
    this.buckets = buckets;
    this.add = add;
    this.maxIds = maxIds;
    this.bucketTarget = bucketTarget;
  }

  /** Takes note of an event's id in its window, and in {@code stats} of how many there are. */
  Outcome add(long window, WindowStats stats, MetricEvent event) throws Exception {
    if (stats.idBuckets == 0) stats.idBuckets = 1;
    add.hash = hash(event.eventId);
    add.isFull = stats.ids >= maxIds;
    buckets.setCurrentNamespace(namespace(window, bucketOf(add.hash, stats.idBuckets)));
    buckets.add(event);
    if (add.outcome != Outcome.NEW) return add.outcome;
    stats.ids++;
    if (stats.ids >= (long) stats.idBuckets * bucketTarget) split(window, stats);
    return Outcome.NEW;
  }

  void clear(long window, WindowStats stats) {
    for (int bucket = 0; bucket < stats.idBuckets; bucket++) {
      buckets.setCurrentNamespace(namespace(window, bucket));
      buckets.clear();
    }
  }

  /** Twice as many buckets: each gives about half of its ids to a new one. */
  private void split(long window, WindowStats stats) throws Exception {
    int before = stats.idBuckets;
    stats.idBuckets = before * 2;
    for (int bucket = 0; bucket < before; bucket++) {
      buckets.setCurrentNamespace(namespace(window, bucket));
      long[] held = buckets.getInternal();
      if (held == null) continue;
      long[] stay = new long[held.length];
      long[] move = new long[held.length];
      for (int at = 1; at < held.length; at++) {
        if (held[at] != EMPTY) insert(bucketOf(held[at], stats.idBuckets) == bucket ? stay : move, held[at]);
      }
      buckets.updateInternal(stay);
      buckets.setCurrentNamespace(namespace(window, bucket + before));
      buckets.updateInternal(move);
    }
  }

  private static long namespace(long window, int bucket) {
    return window << BUCKET_BITS | bucket;
  }

  private static int bucketOf(long hash, int buckets) {
    return (int) hash & buckets - 1;
  }

  /** Four characters at a time, each step a full 64 × 64-bit multiplication folded onto itself. */
  static long hash(String id) {
    int length = id.length();
    long hash = 0x9E3779B97F4A7C15L ^ length;
    for (int at = 0; at < length; at += 4) {
      long lane = 0;
      int end = Math.min(at + 4, length);
      for (int i = at; i < end; i++) lane = lane << 16 | id.charAt(i);
      hash = fold(hash ^ lane, 0xE7037ED1A0B428DBL);
    }
    hash = fold(hash ^ 0xA0761D6478BD642FL, 0x8EBC6AF09C88C6E3L);
    return hash == EMPTY ? 1 : hash;
  }

  /** The slot of a hash, or the empty one where it belongs. The first element is the number of hashes. */
  private static int slotOf(long[] bucket, long hash) {
    int mask = bucket.length - 2;
    // The low bits have chosen the bucket.
    int slot = (int) (hash >>> 32) & mask;
    while (bucket[slot + 1] != EMPTY && bucket[slot + 1] != hash) slot = slot + 1 & mask;
    return slot + 1;
  }

  private static void insert(long[] bucket, long hash) {
    bucket[slotOf(bucket, hash)] = hash;
    bucket[0]++;
  }

  private static long[] twiceAsLarge(long[] bucket) {
    long[] larger = new long[(bucket.length - 1) * 2 + 1];
    for (int at = 1; at < bucket.length; at++) if (bucket[at] != EMPTY) insert(larger, bucket[at]);
    return larger;
  }

  private static long fold(long a, long b) {
    return (a * b) ^ Math.multiplyHigh(a, b);
  }

  /** Adds the hash at hand to a bucket. One look at the state for one event. */
  static final class AddHash implements AggregateFunction<MetricEvent, long[], long[]> {
    private static final long serialVersionUID = 1;

    private long hash;
    private boolean isFull;
    private Outcome outcome;

    @Override
    public long[] createAccumulator() {
      return new long[FIRST_SLOTS + 1];
    }

    @Override
    public long[] add(MetricEvent event, long[] bucket) {
      int slot = slotOf(bucket, hash);
      if (bucket[slot] == hash) {
        outcome = Outcome.REPEATED;
        return bucket;
      }
      if (isFull) {
        outcome = Outcome.NOT_HELD;
        return bucket;
      }
      outcome = Outcome.NEW;
      bucket[slot] = hash;
      bucket[0]++;
      // At most three quarters full.
      return bucket[0] * 4 > (bucket.length - 1) * 3L ? twiceAsLarge(bucket) : bucket;
    }

    @Override
    public long[] getResult(long[] bucket) {
      return bucket;
    }

    @Override
    public long[] merge(long[] a, long[] b) {
      throw new UnsupportedOperationException("Buckets are never merged; this is a bug in pulselake.");
    }
  }
}
