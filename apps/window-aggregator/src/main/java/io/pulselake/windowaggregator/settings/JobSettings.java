package io.pulselake.windowaggregator.settings;

import io.pulselake.windowaggregator.parse.Instants;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * All settings of the job, typed and checked. The same names serve as the service's runtime properties, in a properties
 * file and as arguments.
 */
public final class JobSettings {
  private static final int DAY_SECONDS = 86_400;
  private static final int WEEK_SECONDS = 604_800;

  public final WindowSettings windows;

  /** The clock that {@code future} is judged by; the wall clock when absent. */
  public final Optional<Long> nowMs;

  /** Events before this instant are out of range; {@code Long.MIN_VALUE} for none. */
  public final long startAtMs;

  /** How many event ids one window of one series holds at most; later ones are counted, not held. */
  public final int maxEventIdsPerWindow;

  public final String inputStream;
  public final String outputStream;
  public final String region;

  /** Another address of Kinesis, such as an emulator's. */
  public final Optional<String> endpoint;

  /** Folder or {@code s3://} prefix of the lake, below which rejected records and accounts are written. */
  public final String lakePath;

  /** Names the job in the ledger: two jobs that write to one lake have two names. */
  public final String jobName;

  /** Where the service sets no checkpoints of its own. */
  public final int checkpointIntervalSeconds;

  /** Folder for checkpoints of a local run; in memory when absent. */
  public final Optional<String> checkpointPath;

  /** A checkpoint or savepoint that a local run goes on from, or {@code latest} for the newest below the path. */
  public final Optional<String> restoreFrom;

  /** How often new shards are looked for. Below the out-of-orderness, so that children of a split come in time. */
  public final int shardDiscoverySeconds;

  private final Map<String, String> values;
  private final Set<String> known = new TreeSet<>();

  private JobSettings(Map<String, String> values) {
    this.values = values;
    windows =
        new WindowSettings(
            number("windowSizeSeconds", 1, DAY_SECONDS, 300),
            number("outOfOrdernessSeconds", 0, DAY_SECONDS, 30),
            number("idleTimeoutSeconds", 1, DAY_SECONDS, 60),
            number("allowedLatenessSeconds", 0, WEEK_SECONDS, 600),
            number("maxFutureSkewSeconds", 0, DAY_SECONDS, 300));
    nowMs = text("now").map(text -> instant("now", text, "an instant like 2020-01-01T11:32:54Z"));
    startAtMs =
        text("startAt")
            .filter(text -> !text.equals("earliest"))
            .map(text -> instant("startAt", text, "earliest, or an instant like 2020-01-01T11:32:54Z"))
            .orElse(Long.MIN_VALUE);
    maxEventIdsPerWindow = number("maxEventIdsPerWindow", 1, 10_000_000, 1_000_000);
    inputStream = needed("inputStream");
    outputStream = needed("outputStream");
    region = needed("region");
    endpoint = text("endpoint");
    lakePath = needed("lakePath").replaceAll("/+$", "");
    jobName = text("jobName").orElse("window-aggregator");
    if (!jobName.matches("[A-Za-z0-9-]{1,64}")) {
      throw wrong("jobName", jobName, "1 to 64 letters, digits and hyphens");
    }
    checkpointIntervalSeconds = number("checkpointIntervalSeconds", 1, DAY_SECONDS, 60);
    checkpointPath = text("checkpointPath");
    restoreFrom = text("restoreFrom");
    if (restoreFrom.filter("latest"::equals).isPresent() && checkpointPath.isEmpty()) {
      throw new SettingsException("restoreFrom is latest, but there is no checkpointPath to look in. Set checkpointPath.");
    }
    shardDiscoverySeconds = number("shardDiscoverySeconds", 1, DAY_SECONDS, 10);
    Set<String> unknown = new TreeSet<>(values.keySet());
    unknown.removeAll(known);
    if (!unknown.isEmpty()) {
      throw new SettingsException(
          "Unknown settings: " + String.join(", ", unknown) + ". Allowed are " + String.join(", ", known) + ".");
    }
  }

  /**
   * @throws SettingsException when a setting is missing, unknown or out of range; the message names it, the value and
   *     what is allowed
   */
  public static JobSettings of(Map<String, String> values) {
    return new JobSettings(new TreeMap<>(values));
  }

  private Optional<String> text(String name) {
    known.add(name);
    return Optional.ofNullable(values.get(name)).map(String::trim).filter(value -> !value.isEmpty());
  }

  private String needed(String name) {
    return text(name).orElseThrow(() -> new SettingsException("The setting " + name + " is missing."));
  }

  private int number(String name, int least, int most, int standard) {
    Optional<String> text = text(name);
    if (text.isEmpty()) return standard;
    String allowed = "a whole number from " + least + " to " + most;
    try {
      int value = Integer.parseInt(text.get());
      if (value >= least && value <= most) return value;
    } catch (NumberFormatException notNumber) {
      throw wrong(name, text.get(), allowed);
    }
    throw wrong(name, text.get(), allowed);
  }

  private static long instant(String name, String text, String allowed) {
    long parsed = Instants.parse(text);
    if (parsed == Instants.NONE) throw wrong(name, text, allowed);
    return parsed;
  }

  private static SettingsException wrong(String name, String value, String allowed) {
    return new SettingsException("The setting " + name + " is " + value + "; it must be " + allowed + ".");
  }
}
