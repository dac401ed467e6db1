package io.pulselake.windowaggregator.windows;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.flink.api.common.state.MapState;
import org.junit.jupiter.api.Test;

class EventIdsTest {
  @Test
  void tellsEveryRepeatOfAHundredThousandIdsAndNoOther() throws Exception {
    MapState<Integer, long[]> buckets = new HeapMap();
    WindowStats stats = new WindowStats();
    Set<String> seen = new HashSet<>();
    Random random = new Random(7);
    for (int event = 0; event < 200_000; event++) {
      String id = "order-" + Integer.toString(random.nextInt(100_000), 36);
      EventIds.Outcome expected = seen.add(id) ? EventIds.Outcome.NEW : EventIds.Outcome.REPEATED;
      assertThat(EventIds.add(buckets, stats, id, Integer.MAX_VALUE)).isEqualTo(expected);
    }
    assertThat(stats.ids).isEqualTo(seen.size());
  }

  @Test
  void costsLittleMoreThanEightBytesAnId() throws Exception {
    MapState<Integer, long[]> buckets = new HeapMap();
    WindowStats stats = new WindowStats();
    for (int id = 0; id < 50_000; id++) EventIds.add(buckets, stats, "id-" + id, Integer.MAX_VALUE);
    int longs = 0;
    for (long[] bucket : buckets.values()) longs += bucket.length;
    assertThat(longs).isEqualTo(50_000);
    assertThat(stats.idBuckets).isBetween(50_000 / 64, 4 * 50_000 / 64);
  }

  @Test
  void stillTellsTheRepeatsOfWhatItHoldsWhenItIsFull() throws Exception {
    MapState<Integer, long[]> buckets = new HeapMap();
    WindowStats stats = new WindowStats();
    assertThat(EventIds.add(buckets, stats, "a", 2)).isEqualTo(EventIds.Outcome.NEW);
    assertThat(EventIds.add(buckets, stats, "b", 2)).isEqualTo(EventIds.Outcome.NEW);
    assertThat(EventIds.add(buckets, stats, "c", 2)).isEqualTo(EventIds.Outcome.NOT_HELD);
    assertThat(EventIds.add(buckets, stats, "c", 2)).isEqualTo(EventIds.Outcome.NOT_HELD);
    assertThat(EventIds.add(buckets, stats, "b", 2)).isEqualTo(EventIds.Outcome.REPEATED);
  }

  /** Map state as the heap keeps it. */
  private static final class HeapMap implements MapState<Integer, long[]> {
    private final Map<Integer, long[]> map = new HashMap<>();

    @Override
    public long[] get(Integer key) {
      return map.get(key);
    }

    @Override
    public void put(Integer key, long[] value) {
      map.put(key, value);
    }

    @Override
    public void putAll(Map<Integer, long[]> other) {
      map.putAll(other);
    }

    @Override
    public void remove(Integer key) {
      map.remove(key);
    }

    @Override
    public boolean contains(Integer key) {
      return map.containsKey(key);
    }

    @Override
    public Iterable<Map.Entry<Integer, long[]>> entries() {
      return map.entrySet();
    }

    @Override
    public Iterable<Integer> keys() {
      return map.keySet();
    }

    @Override
    public Iterable<long[]> values() {
      return map.values();
    }

    @Override
    public Iterator<Map.Entry<Integer, long[]>> iterator() {
      return map.entrySet().iterator();
    }

    @Override
    public boolean isEmpty() {
      return map.isEmpty();
    }

    @Override
    public void clear() {
      map.clear();
    }
  }
}
