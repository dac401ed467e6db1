package io.pulselake.windowaggregator.model;

/** Why a record could not be used. The closed list of the data model, as far as a stream knows it. */
public enum RejectReason {
  BAD_ENCODING("bad-encoding"),
  TOO_LONG("too-long"),
  MALFORMED("malformed"),
  MISSING_FIELD("missing-field"),
  WRONG_TYPE("wrong-type"),
  BAD_TIMESTAMP("bad-timestamp"),
  NOT_FINITE("not-finite"),
  FUTURE("future"),
  LATE("late");

  private final String code;

  RejectReason(String code) {
    this.code = code;
  }

  /** As it stands in {@code rejected_records}. */
  public String code() {
    return code;
  }
}
