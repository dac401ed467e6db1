package io.pulselake.windowaggregator.sink;

import io.pulselake.windowaggregator.model.AccountEntry;
import io.pulselake.windowaggregator.model.RejectedRecord;
import io.pulselake.windowaggregator.model.WindowedMetric;
import io.pulselake.windowaggregator.parse.Instants;
import java.util.Map;

/** What leaves the job, as the data model writes it. */
public final class RecordJson {
  private RecordJson() {}

  /** A windowed metric. A sum beyond double is absent; {@code partId} is empty, since the row is the whole window. */
  public static String of(WindowedMetric window) {
    JsonText json =
        new JsonText()
            .text("componentName", window.componentName)
            .text("metricName", window.metricName)
            .text("unit", window.unit)
            .number("minValue", window.minValue)
            .number("maxValue", window.maxValue);
    if (Double.isFinite(window.sumValue)) json.number("sumValue", window.sumValue);
    return json.number("sampleCount", window.sampleCount)
        .text("fromTimestamp", Instants.format(window.fromMs))
        .text("toTimestamp", Instants.format(window.toMs))
        .text("source", "stream")
        .text("partId", "")
        .number("revision", window.revision)
        .text("emittedAt", Instants.format(window.emittedAtMs))
        .text("inputId", "")
        .end();
  }

  /** A line of {@code rejected_records}. */
  public static String of(RejectedRecord rejected, String jobName) {
    JsonText json =
        new JsonText()
            .text("stage", "stream-windows")
            .text("runId", runId(jobName, Instants.day(rejected.arrivedAtMs)))
            .text("reason", rejected.reason.code())
            .text("message", rejected.message);
    if (rejected.sequenceNumber != null) json.text("sequenceNumber", rejected.sequenceNumber);
    json.text("inputId", "flink." + jobName);
    if (rejected.raw != null) json.text("raw", rejected.raw);
    if (rejected.rawBase64 != null) json.text("rawBase64", rejected.rawBase64);
    if (rejected.truncated) json.flag("truncated", true);
    return json.end();
  }

  /** A line of the job's account. */
  public static String of(AccountEntry entry, String jobName, String outputStream) {
    return new JsonText()
        .text("runId", runId(jobName, entry.day))
        .text("jobName", jobName)
        .text("outputStream", outputStream)
        .text("day", entry.day)
        .text("operator", entry.operator)
        .number("subtask", entry.subtask)
        .number("checkpointId", entry.checkpointId)
        .json("counts", numbers(entry.counts))
        .json("rejectedByReason", numbers(entry.rejectedByReason))
        .end();
  }

  /** The ledger has one entry per job and UTC day. */
  static String runId(String jobName, String day) {
    return "stream-windows-" + jobName + "-" + day;
  }

  private static String numbers(Map<String, Long> values) {
    JsonText json = new JsonText();
    values.forEach((name, value) -> json.number(name, value.longValue()));
    return json.end();
  }
}
