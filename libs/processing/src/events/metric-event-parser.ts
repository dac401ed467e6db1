import { MAX_EVENT_ID_LENGTH, MAX_NAME_LENGTH, MAX_UNIT_LENGTH } from '@pulselake/data-model';
import { parseDecimalBytes } from '../bytes/parse-decimal-bytes.js';
import { parseInstantBytes } from '../bytes/parse-instant-bytes.js';
import {
  type Fault,
  isAbsent,
  missingField,
  parseJsonObject,
  tooLong,
  unpairedSurrogate,
  wrongText,
  wrongType,
} from '../lines/json-record.js';
import { LineParser, type LineParserOptions } from '../lines/line-parser.js';
import { rawText, type RejectedLineListener } from '../lines/rejected-line.js';
import { hashEventId } from './event-id-hash.js';
import { FlatEventFields } from './flat-event-fields.js';
import type { MetricEventListener, ParsedMetricEvent } from './metric-event-listener.js';
import type { SeriesTable } from './series-table.js';

/** Who takes the events of a {@link MetricEventParser}. */
export interface MetricEventParserOptions extends LineParserOptions {
  readonly series: SeriesTable;
  readonly onEvent: MetricEventListener;
}

const NEEDED = ['componentName', 'metricName', 'unit', 'value', 'publicationTimestamp'] as const;
const KNOWN = [...NEEDED, 'eventId'] as const;

/** Reads metric events from JSON Lines. Each non-empty line is handed to exactly one of the two listeners. */
export class MetricEventParser extends LineParser {
  readonly #series: SeriesTable;
  readonly #onEvent: MetricEventListener;
  readonly #onRejected: RejectedLineListener;
  readonly #fields = new FlatEventFields();
  readonly #event: ParsedMetricEvent;
  #slowId: string | undefined;
  #bytes: Buffer = Buffer.alloc(0);

  constructor(options: MetricEventParserOptions) {
    super(options);
    this.#series = options.series;
    this.#onEvent = options.onEvent;
    this.#onRejected = options.onRejected;
    this.#event = {
      series: 0,
      timestampMs: 0,
      value: 0,
      hasId: false,
      idHash: { h0: 0, h1: 0, h2: 0, h3: 0 },
      line: 0,
      readId: () => this.#readId(),
    };
  }

  protected override line(bytes: Buffer, start: number, end: number, line: number): void {
    const fields = this.#fields;
    if (fields.scan(bytes, start, end)) {
      const value = parseJsonNumber(bytes, fields.valueStart, fields.valueEnd);
      const timestampMs = parseInstantBytes(bytes, fields.timeStart, fields.timeEnd);
      // A number beyond double, a bad instant or a long name: the slow path names the fault.
      if (Number.isFinite(value) && timestampMs === timestampMs && fields.lengthsFit(bytes)) {
        const event = this.#event;
        event.series = this.#series.indexOfBytes(
          bytes,
          fields.componentStart,
          fields.componentEnd,
          fields.metricStart,
          fields.metricEnd,
          fields.unitStart,
          fields.unitEnd,
        );
        event.timestampMs = timestampMs;
        event.value = value;
        event.line = line;
        event.hasId = fields.idEnd > fields.idStart;
        if (event.hasId) hashEventId(event.idHash, bytes, fields.idStart, fields.idEnd);
        this.#bytes = bytes;
        this.#slowId = undefined;
        this.#onEvent(event);
        return;
      }
    }
    const fault = this.#slow(bytes.toString('utf8', start, end), line);
    if (fault) {
      this.#onRejected({ reason: fault[0], message: fault[1], line, ...rawText(bytes, start, end) });
    }
  }

  /** Reads any JSON, and hands the event on when nothing is wrong with it. */
  #slow(text: string, line: number): Fault | undefined {
    const record = parseJsonObject(text);
    if (record === undefined) return ['malformed', 'The line is not a JSON object.'];
    const { componentName, metricName, unit, value, publicationTimestamp, eventId } = record;
    const fault =
      unpairedSurrogate(record, KNOWN) ??
      tooLong('componentName', componentName, MAX_NAME_LENGTH) ??
      tooLong('metricName', metricName, MAX_NAME_LENGTH) ??
      tooLong('unit', unit, MAX_UNIT_LENGTH) ??
      tooLong('eventId', eventId, MAX_EVENT_ID_LENGTH) ??
      missingField(record, NEEDED) ??
      wrongText('componentName', componentName) ??
      wrongText('metricName', metricName) ??
      wrongText('unit', unit) ??
      (typeof value === 'number' ? undefined : wrongType('value', 'a number')) ??
      (isAbsent(eventId) ? undefined : wrongText('eventId', eventId));
    if (fault) return fault;
    const instant = Buffer.from(typeof publicationTimestamp === 'string' ? publicationTimestamp : '');
    const timestampMs = parseInstantBytes(instant, 0, instant.length);
    if (Number.isNaN(timestampMs)) {
      return ['bad-timestamp', 'publicationTimestamp is not an instant like 2020-01-01T11:32:54Z.'];
    }
    if (!Number.isFinite(value)) return ['not-finite', 'value is beyond double.'];
    const event = this.#event;
    event.series = this.#series.indexOf(componentName as string, metricName as string, unit as string);
    event.timestampMs = timestampMs;
    event.value = value as number;
    event.line = line;
    event.hasId = !isAbsent(eventId);
    this.#slowId = event.hasId ? (eventId as string) : undefined;
    if (event.hasId) {
      const id = Buffer.from(eventId as string);
      hashEventId(event.idHash, id, 0, id.length);
    }
    this.#onEvent(event);
    return undefined;
  }

  #readId(): string | undefined {
    if (this.#slowId !== undefined) return this.#slowId;
    if (!this.#event.hasId) return undefined;
    return this.#bytes.toString('utf8', this.#fields.idStart, this.#fields.idEnd);
  }
}

/** A number in JSON's grammar, or NaN. */
function parseJsonNumber(bytes: Buffer, start: number, end: number): number {
  const first = bytes[start] === 0x2d ? start + 1 : start;
  const digit = bytes[first]! - 48;
  if (digit >>> 0 > 9 || first >= end) return NaN;
  if (digit === 0 && first + 1 < end && (bytes[first + 1]! - 48) >>> 0 <= 9) return NaN;
  for (let at = first + 1; at < end; at++) {
    if (bytes[at] === 0x2e && (at + 1 >= end || (bytes[at + 1]! - 48) >>> 0 > 9)) return NaN;
  }
  return parseDecimalBytes(bytes, start, end);
}
