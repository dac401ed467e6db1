package io.pulselake.windowaggregator.model;

import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;

/**
 * What one subtask did between two checkpoints with the records that arrived on one UTC day.
 *
 * <p>Entries are differences: the sum of all entries of a job is its account, and {@code read = accepted +
 * duplicate + outOfRange + rejected} holds for it at each checkpoint.
 */
public class AccountEntry {
  public static final TypeInformation<AccountEntry> TYPE =
      Types.POJO(
          AccountEntry.class,
          Map.of(
              "checkpointId", Types.LONG,
              "operator", Types.STRING,
              "subtask", Types.INT,
              "day", Types.STRING,
              "counts", Types.MAP(Types.STRING, Types.LONG),
              "rejectedByReason", Types.MAP(Types.STRING, Types.LONG)));

  /** The checkpoint whose completion makes the entry count. */
  public long checkpointId;

  /** Which operator: {@code intake} or {@code windows}. */
  public String operator;

  public int subtask;

  /** The UTC day of arrival, {@code YYYY-MM-DD}. */
  public String day;

  /** By {@link Count#code}; what is 0 is absent. */
  public Map<String, Long> counts = new TreeMap<>();

  /** By reason code. */
  public Map<String, Long> rejectedByReason = new TreeMap<>();
}
