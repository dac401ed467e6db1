package io.pulselake.windowaggregator.model;

/** A record that could not be used, kept so that it can be read again after a fix. */
public class RejectedRecord {
  public RejectReason reason;

  /** One sentence for people. */
  public String message;

  /** Kinesis sequence number; null where the source has none. */
  public String sequenceNumber;

  /** Null when the record is not UTF-8. {@code late} and {@code future}: the known fields as JSON. */
  public String raw;

  /** The first bytes of a record that is not UTF-8; null for others. */
  public String rawBase64;

  /** True when {@link #raw} or {@link #rawBase64} is not the whole record. */
  public boolean truncated;

  /** When the stream took it, milliseconds since the epoch: its UTC day is the partition. */
  public long arrivedAtMs;
}
