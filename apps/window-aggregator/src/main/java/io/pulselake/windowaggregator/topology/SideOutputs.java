package io.pulselake.windowaggregator.topology;

import io.pulselake.windowaggregator.model.AccountEntry;
import io.pulselake.windowaggregator.model.RejectedRecord;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.util.OutputTag;

/** What leaves the operators beside windows. */
public final class SideOutputs {
  public static final OutputTag<RejectedRecord> REJECTED =
      new OutputTag<>("rejected", Types.POJO(RejectedRecord.class));
  public static final OutputTag<AccountEntry> ACCOUNTS = new OutputTag<>("accounts", AccountEntry.TYPE);

  private SideOutputs() {}
}
