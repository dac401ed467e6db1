package io.pulselake.windowaggregator.parse;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.pulselake.windowaggregator.model.MetricEvent;
import io.pulselake.windowaggregator.model.RejectReason;
import io.pulselake.windowaggregator.model.RejectedRecord;
import io.pulselake.windowaggregator.model.Arrival;
import io.pulselake.windowaggregator.sink.JsonText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * Turns every record of the stream into an event or a rejected record with its reason. The rules are those of
 * {@code docs/reference/record-rules.md}; the golden cases hold both engines to them. Not thread-safe.
 */
public final class MetricEventParser {
  /** Longest record in bytes unless told otherwise: what a Kinesis record holds by default. */
  public static final int MAX_RECORD_BYTES = 1_048_576;

  private static final int MAX_NAME_LENGTH = 128;
  private static final int MAX_UNIT_LENGTH = 32;
  private static final int MAX_EVENT_ID_LENGTH = 64;
  private static final int MAX_RAW_BYTES = 8_192;

  private static final String[] FIELDS = {
    "componentName", "metricName", "unit", "value", "publicationTimestamp", "eventId"
  };
  private static final int COMPONENT = 0;
  private static final int METRIC = 1;
  private static final int UNIT = 2;
  private static final int VALUE = 3;
  private static final int TIME = 4;
  private static final int ID = 5;

  private final JsonFactory json =
      JsonFactory.builder()
          // The record's length bounds all of these.
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private final CharsetDecoder utf8 =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT);

  private final int maxRecordBytes;
  private final long maxFutureSkewMs;

  /** The known fields of the record at hand: its text, or {@link #OTHER} for a value of another type; null when absent. */
  private final String[] texts = new String[FIELDS.length];

  private final boolean[] isText = new boolean[FIELDS.length];
  private boolean valueIsNumber;
  private RejectReason fault;
  private String message;

  public MetricEventParser(long maxFutureSkewMs) {
    this(maxFutureSkewMs, MAX_RECORD_BYTES);
  }

  public MetricEventParser(long maxFutureSkewMs, int maxRecordBytes) {
    this.maxFutureSkewMs = maxFutureSkewMs;
    this.maxRecordBytes = maxRecordBytes;
  }

  /**
   * @param sequenceNumber null where the source has none
   * @param arrivedAtMs when the stream took the record
   * @param nowMs the clock that {@code future} is judged by
   */
  public Arrival parse(byte[] bytes, String shardId, String sequenceNumber, long arrivedAtMs, long nowMs) {
    fault = null;
    MetricEvent event = read(bytes);
    if (event != null) {
      event.sequenceNumber = sequenceNumber;
      event.arrivedAtMs = arrivedAtMs;
      if (event.timestampMs <= nowMs + maxFutureSkewMs) return Arrival.of(shardId, event);
      return Arrival.of(
          shardId, rejectedEvent(RejectReason.FUTURE, "The event is too far ahead of the clock.", event));
    }
    RejectedRecord rejected = new RejectedRecord();
    rejected.reason = fault;
    rejected.message = message;
    rejected.sequenceNumber = sequenceNumber;
    rejected.arrivedAtMs = arrivedAtMs;
    keepRaw(rejected, bytes);
    return Arrival.of(shardId, rejected);
  }

  /** The rejected record of an event that comes too early or too late: its known fields as JSON. */
  public static RejectedRecord rejectedEvent(RejectReason reason, String message, MetricEvent event) {
    RejectedRecord rejected = new RejectedRecord();
    rejected.reason = reason;
    rejected.message = message;
    rejected.sequenceNumber = event.sequenceNumber;
    rejected.arrivedAtMs = event.arrivedAtMs;
    JsonText known =
        new JsonText()
            .text("componentName", event.componentName)
            .text("metricName", event.metricName)
            .text("unit", event.unit)
            .number("value", event.value)
            .text("publicationTimestamp", Instants.format(event.timestampMs));
    if (event.eventId != null) known.text("eventId", event.eventId);
    rejected.raw = known.end();
    return rejected;
  }

  private MetricEvent read(byte[] bytes) {
    String text = decode(bytes);
    if (text == null) return reject(RejectReason.BAD_ENCODING, "The record is not UTF-8.");
    if (bytes.length > maxRecordBytes) {
      return reject(
          RejectReason.TOO_LONG,
          "The record has " + bytes.length + " bytes; at most " + maxRecordBytes + " are allowed.");
    }
    if (!readFields(text)) return reject(RejectReason.MALFORMED, "The record is not a JSON object.");
    if (hasFault()) return null;
    MetricEvent event = new MetricEvent();
    event.componentName = texts[COMPONENT];
    event.metricName = texts[METRIC];
    event.unit = texts[UNIT];
    event.eventId = isAbsent(ID) ? null : texts[ID];
    event.timestampMs = isText[TIME] ? Instants.parse(texts[TIME]) : Instants.NONE;
    if (event.timestampMs == Instants.NONE) {
      return reject(
          RejectReason.BAD_TIMESTAMP, "publicationTimestamp is not an instant like 2020-01-01T11:32:54Z.");
    }
    // −0 and 0 are one value: which of the two came first must not show.
    event.value = Double.parseDouble(texts[VALUE]) + 0.0;
    if (Double.isInfinite(event.value)) return reject(RejectReason.NOT_FINITE, "value is beyond double.");
    return event;
  }

  /** Whether the text is one JSON object; its known fields are held then, of repeated ones the last. */
  private boolean readFields(String text) {
    Arrays.fill(texts, null);
    Arrays.fill(isText, false);
    valueIsNumber = false;
    try (JsonParser parser = json.createParser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) return false;
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        int field = indexOf(parser.currentName());
        JsonToken token = parser.nextToken();
        if (field >= 0) keep(field, token, parser);
        if (token.isStructStart()) parser.skipChildren();
      }
      return parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null;
    } catch (IOException syntax) {
      return false;
    }
  }

  private void keep(int field, JsonToken token, JsonParser parser) throws IOException {
    isText[field] = token == JsonToken.VALUE_STRING;
    texts[field] = token == JsonToken.VALUE_NULL ? null : parser.getText();
    if (field == VALUE) valueIsNumber = token.isNumeric();
  }

  /** The checks in the order in which the first that fails gives the reason. */
  private boolean hasFault() {
    for (int field = 0; field < FIELDS.length; field++) {
      if (isText[field] && !isWellFormed(texts[field])) {
        return found(RejectReason.MALFORMED, FIELDS[field] + " holds an unpaired surrogate.");
      }
    }
    if (tooLong(COMPONENT, MAX_NAME_LENGTH) || tooLong(METRIC, MAX_NAME_LENGTH)) return true;
    if (tooLong(UNIT, MAX_UNIT_LENGTH) || tooLong(ID, MAX_EVENT_ID_LENGTH)) return true;
    for (int field = COMPONENT; field <= TIME; field++) {
      if (isAbsent(field)) return found(RejectReason.MISSING_FIELD, FIELDS[field] + " is missing.");
    }
    if (notText(COMPONENT) || notText(METRIC) || notText(UNIT)) return true;
    if (!valueIsNumber) return found(RejectReason.WRONG_TYPE, "value is not a number.");
    return !isAbsent(ID) && notText(ID);
  }

  private boolean isAbsent(int field) {
    return texts[field] == null || (isText[field] && texts[field].isEmpty());
  }

  private boolean notText(int field) {
    return !isText[field] && found(RejectReason.WRONG_TYPE, FIELDS[field] + " is not a text.");
  }

  private boolean tooLong(int field, int maxLength) {
    String text = texts[field];
    if (!isText[field] || text.length() <= maxLength) return false;
    int length = text.codePointCount(0, text.length());
    return length > maxLength
        && found(
            RejectReason.TOO_LONG,
            FIELDS[field] + " has " + length + " characters; at most " + maxLength + " are allowed.");
  }

  private boolean found(RejectReason reason, String why) {
    fault = reason;
    message = why;
    return true;
  }

  private MetricEvent reject(RejectReason reason, String why) {
    found(reason, why);
    return null;
  }

  private String decode(byte[] bytes) {
    try {
      return utf8.decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException notUtf8) {
      return null;
    }
  }

  private static int indexOf(String name) {
    for (int field = 0; field < FIELDS.length; field++) if (FIELDS[field].equals(name)) return field;
    return -1;
  }

  private static boolean isWellFormed(String text) {
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      if (!Character.isSurrogate(c)) continue;
      boolean paired =
          Character.isHighSurrogate(c)
              && at + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(at + 1));
      if (!paired) return false;
      at++;
    }
    return true;
  }

  private void keepRaw(RejectedRecord rejected, byte[] bytes) {
    int end = Math.min(bytes.length, MAX_RAW_BYTES);
    rejected.truncated = end < bytes.length;
    if (rejected.reason == RejectReason.BAD_ENCODING) {
      rejected.rawBase64 = Base64.getEncoder().encodeToString(Arrays.copyOf(bytes, end));
      return;
    }
    // Not within a code point.
    if (rejected.truncated) while ((bytes[end] & 0xC0) == 0x80) end--;
    rejected.raw = new String(bytes, 0, end, StandardCharsets.UTF_8);
  }
}
