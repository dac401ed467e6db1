package io.pulselake.windowaggregator.windows;

import java.util.Arrays;
import org.apache.flink.api.common.state.MapState;

/**
 * The event ids counted in a window, as 64-bit hashes in buckets of a few dozen.
 *
 * <p>Buckets are what makes both state backends cheap: on the heap an id costs its 8 bytes and little more, and RocksDB
 * reads and writes one bucket for an event, never the whole set. Two of a hundred thousand ids of one window collide
 * with a probability of 3·10⁻¹⁰.
 */
final class EventIds {
  private static final int BUCKET_TARGET = 64;

  private EventIds() {}

  /** What became of an id. */
  enum Outcome {
    NEW,
    REPEATED,
    /** The window holds as many ids as it may: whether this one is a repeat cannot be told. */
    NOT_HELD
  }

  static Outcome add(MapState<Integer, long[]> buckets, WindowStats stats, String id, int maxIds) throws Exception {
    long hash = hash(id);
    if (stats.idBuckets == 0) stats.idBuckets = 1;
    int bucket = bucketOf(hash, stats.idBuckets);
    long[] held = buckets.get(bucket);
    if (held != null) for (long other : held) if (other == hash) return Outcome.REPEATED;
    if (stats.ids >= maxIds) return Outcome.NOT_HELD;
    buckets.put(bucket, append(held, hash));
    stats.ids++;
    if (stats.ids >= stats.idBuckets * BUCKET_TARGET) split(buckets, stats);
    return Outcome.NEW;
  }

  /** Twice as many buckets: each gives about half of its ids to a new one. */
  private static void split(MapState<Integer, long[]> buckets, WindowStats stats) throws Exception {
    int before = stats.idBuckets;
    stats.idBuckets = before * 2;
    for (int bucket = 0; bucket < before; bucket++) {
      long[] held = buckets.get(bucket);
      if (held == null) continue;
      long[] stay = new long[held.length];
      long[] move = new long[held.length];
      int stays = 0;
      int moves = 0;
      for (long hash : held) {
        if (bucketOf(hash, stats.idBuckets) == bucket) stay[stays++] = hash;
        else move[moves++] = hash;
      }
      if (moves == 0) continue;
      buckets.put(bucket + before, Arrays.copyOf(move, moves));
      if (stays == 0) buckets.remove(bucket);
      else buckets.put(bucket, Arrays.copyOf(stay, stays));
    }
  }

  private static int bucketOf(long hash, int buckets) {
    return (int) hash & (buckets - 1);
  }

  private static long[] append(long[] held, long hash) {
    if (held == null) return new long[] {hash};
    long[] longer = Arrays.copyOf(held, held.length + 1);
    longer[held.length] = hash;
    return longer;
  }

  /** Four characters at a time, each step a full 64 × 64-bit multiplication folded onto itself. */
  static long hash(String id) {
    long hash = 0x9E3779B97F4A7C15L ^ id.length();
    for (int at = 0; at < id.length(); at += 4) {
      long lane = 0;
      for (int i = at; i < Math.min(at + 4, id.length()); i++) lane = lane << 16 | id.charAt(i);
      hash = fold(hash ^ lane, 0xE7037ED1A0B428DBL);
    }
    return fold(hash ^ 0xA0761D6478BD642FL, 0x8EBC6AF09C88C6E3L);
  }

  private static long fold(long a, long b) {
    return (a * b) ^ Math.multiplyHigh(a, b);
  }
}
