package io.pulselake.windowaggregator.account;

import io.pulselake.windowaggregator.model.AccountEntry;
import io.pulselake.windowaggregator.model.Count;
import io.pulselake.windowaggregator.model.RejectReason;
import io.pulselake.windowaggregator.parse.Instants;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Counts of one subtask since the last checkpoint, by the UTC day on which the records arrived.
 *
 * <p>Nothing of it is state: after a failure the records are read again from the last checkpoint, and counted again.
 */
public final class DayAccount {
  private static final long DAY_MS = 86_400_000L;

  private final String operator;
  private final int subtask;
  private final TreeMap<Long, Tally> days = new TreeMap<>();
  private long lastDay;
  private Tally last;

  public DayAccount(String operator, int subtask) {
    this.operator = operator;
    this.subtask = subtask;
  }

  /** @param atMs when the record arrived, milliseconds since the epoch */
  public void add(Count count, long atMs, long amount) {
    tallyOf(atMs).counts[count.ordinal()] += amount;
  }

  public void addRejected(RejectReason reason, long atMs) {
    tallyOf(atMs).rejected[reason.ordinal()]++;
  }

  /** What was counted since the last call. */
  public List<AccountEntry> take(long checkpointId) {
    List<AccountEntry> taken = new ArrayList<>();
    days.forEach((day, tally) -> taken.add(entryOf(checkpointId, day, tally)));
    days.clear();
    last = null;
    return taken;
  }

  private Tally tallyOf(long atMs) {
    long day = Math.floorDiv(atMs, DAY_MS);
    if (last == null || day != lastDay) {
      lastDay = day;
      last = days.computeIfAbsent(day, unused -> new Tally());
    }
    return last;
  }

  private AccountEntry entryOf(long checkpointId, long day, Tally tally) {
    AccountEntry entry = new AccountEntry();
    entry.checkpointId = checkpointId;
    entry.operator = operator;
    entry.subtask = subtask;
    entry.day = Instants.day(day * DAY_MS);
    for (Count count : Count.values()) {
      long amount = tally.counts[count.ordinal()];
      if (amount != 0) entry.counts.put(count.code(), amount);
    }
    for (RejectReason reason : RejectReason.values()) {
      long amount = tally.rejected[reason.ordinal()];
      if (amount != 0) entry.rejectedByReason.put(reason.code(), amount);
    }
    return entry;
  }

  private static final class Tally {
    final long[] counts = new long[Count.values().length];
    final long[] rejected = new long[RejectReason.values().length];
  }
}
