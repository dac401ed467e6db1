package io.pulselake.windowaggregator.model;

/** What is counted, with the names of the ledger. */
public enum Count {
  READ("read"),
  ACCEPTED("accepted"),
  DUPLICATE("duplicate"),
  OUT_OF_RANGE("outOfRange"),

  /** Accepted events in windows not yet written. */
  OPEN("open"),
  ROWS_WRITTEN("rowsWritten"),
  WINDOWS_CORRECTED("windowsCorrected"),

  /** Ids that a window had no more room for: their repeats cannot be told. */
  IDS_NOT_HELD("idsNotHeld");

  private final String code;

  Count(String code) {
    this.code = code;
  }

  /** As it stands in the account. */
  public String code() {
    return code;
  }
}
