import { MAX_EVENT_ID_LENGTH, MAX_NAME_LENGTH, MAX_UNIT_LENGTH, type RejectReason } from '@pulselake/data-model';
import { codePointLength } from '../bytes/code-points.js';
import { parseDecimalBytes } from '../bytes/parse-decimal-bytes.js';
import { parseInstantBytes } from '../bytes/parse-instant-bytes.js';
import { LineReader } from '../lines/line-reader.js';
import { rawText, type RejectedLineListener } from '../lines/rejected-line.js';
import { hashEventId } from './event-id-hash.js';
import type { MetricEventListener, ParsedMetricEvent } from './metric-event-listener.js';
import type { SeriesTable } from './series-table.js';

export interface MetricEventParserOptions {
  readonly series: SeriesTable;
  readonly onEvent: MetricEventListener;
  readonly onRejected: RejectedLineListener;
  readonly maxRecordBytes?: number;
}

const NEEDED = ['componentName', 'metricName', 'unit', 'value', 'publicationTimestamp'] as const;
const KNOWN = [...NEEDED, 'eventId'] as const;

/** What is wrong with a record; `undefined` when nothing is. */
type Fault = readonly [reason: RejectReason, message: string];

/** Reads metric events from JSON Lines. Each non-empty line is handed to exactly one of the two listeners. */
export class MetricEventParser {
  readonly #series: SeriesTable;
  readonly #onEvent: MetricEventListener;
  readonly #onRejected: RejectedLineListener;
  readonly #reader: LineReader;
  readonly #fields = new FlatFields();
  readonly #event: ParsedMetricEvent;
  #slowId: string | undefined;
  #bytes: Buffer = Buffer.alloc(0);

  constructor(options: MetricEventParserOptions) {
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
    this.#reader = new LineReader({
      onLine: (bytes, start, end, line) => this.#line(bytes, start, end, line),
      onRejected: options.onRejected,
      ...(options.maxRecordBytes !== undefined && { maxRecordBytes: options.maxRecordBytes }),
    });
  }

  /** Records read so far: non-empty lines. */
  get records(): number {
    return this.#reader.records;
  }

  push(chunk: Uint8Array): void {
    this.#reader.push(chunk);
  }

  end(): void {
    this.#reader.end();
  }

  #line(bytes: Buffer, start: number, end: number, line: number): void {
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

/** Parses a line as a JSON object with own properties only; `undefined` for anything else. */
export function parseJsonObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return undefined;
    // Without its prototype, so that an absent `constructor` is absent.
    return Object.setPrototypeOf(parsed, null) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

export function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

export function tooLong(field: string, value: unknown, maxLength: number): Fault | undefined {
  if (typeof value !== 'string' || value.length <= maxLength) return undefined;
  const length = Array.from(value).length;
  if (length <= maxLength) return undefined;
  return ['too-long', `${field} has ${length} characters; at most ${maxLength} are allowed.`];
}

export function missingField(record: Readonly<Record<string, unknown>>, fields: readonly string[]): Fault | undefined {
  const field = fields.find((name) => isAbsent(record[name]));
  return field === undefined ? undefined : ['missing-field', `${field} is missing.`];
}

export function wrongText(field: string, value: unknown): Fault | undefined {
  return typeof value === 'string' ? undefined : wrongType(field, 'a text');
}

export function wrongType(field: string, allowed: string): Fault {
  return ['wrong-type', `${field} is not ${allowed}.`];
}

/** A text that UTF-8 cannot hold would be stored as another text. */
export function unpairedSurrogate(
  record: Readonly<Record<string, unknown>>,
  fields: readonly string[],
): Fault | undefined {
  const field = fields.find((name) => {
    const value = record[name];
    return typeof value === 'string' && !value.isWellFormed();
  });
  return field === undefined ? undefined : ['malformed', `${field} holds an unpaired surrogate.`];
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

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
const COMMA = 0x2c;
const COLON = 0x3a;

const COMPONENT = 1;
const METRIC = 2;
const UNIT = 4;
const VALUE = 8;
const TIME = 16;
const ID = 32;
const REQUIRED = COMPONENT | METRIC | UNIT | VALUE | TIME;

const KEYS: readonly (readonly [number, Buffer])[] = [
  [COMPONENT, Buffer.from('componentName')],
  [METRIC, Buffer.from('metricName')],
  [UNIT, Buffer.from('unit')],
  [VALUE, Buffer.from('value')],
  [TIME, Buffer.from('publicationTimestamp')],
  [ID, Buffer.from('eventId')],
];

/**
 * Finds the fields of a flat event without building anything: known keys, each once, texts without escapes.
 *
 * Whatever it does not take is no fault: JSON.parse decides then.
 */
class FlatFields {
  componentStart = 0;
  componentEnd = 0;
  metricStart = 0;
  metricEnd = 0;
  unitStart = 0;
  unitEnd = 0;
  valueStart = 0;
  valueEnd = 0;
  timeStart = 0;
  timeEnd = 0;
  idStart = 0;
  idEnd = 0;

  scan(bytes: Buffer, start: number, end: number): boolean {
    if (bytes[start] !== 0x7b || bytes[end - 1] !== 0x7d) return false;
    this.idStart = this.idEnd = 0;
    let seen = 0;
    let at = start + 1;
    for (;;) {
      if (bytes[at] === SPACE) at++;
      if (bytes[at] !== QUOTE) return false;
      const keyStart = ++at;
      while (at < end && bytes[at] !== QUOTE) at++;
      const key = keyOf(bytes, keyStart, at);
      if (key === 0 || (seen & key) !== 0) return false;
      seen |= key;
      if (bytes[++at] !== COLON) return false;
      if (bytes[++at] === SPACE) at++;
      let valueStart = at;
      if (key === VALUE) {
        while (at < end && bytes[at] !== COMMA && bytes[at] !== 0x7d && bytes[at] !== SPACE) at++;
        this.valueStart = valueStart;
        this.valueEnd = at;
      } else {
        if (bytes[at] !== QUOTE) return false;
        valueStart = ++at;
        for (; at < end; at++) {
          const byte = bytes[at]!;
          if (byte === QUOTE) break;
          if (byte === BACKSLASH || byte < SPACE) return false;
        }
        if (at >= end) return false;
        this.#keep(key, valueStart, at);
        at++;
      }
      if (at === end - 1) return (seen & REQUIRED) === REQUIRED;
      if (bytes[at] !== COMMA) return false;
      at++;
    }
  }

  /** Whether each text has its length: at least one character, and no more than allowed. */
  lengthsFit(bytes: Buffer): boolean {
    return (
      fits(bytes, this.componentStart, this.componentEnd, MAX_NAME_LENGTH) &&
      fits(bytes, this.metricStart, this.metricEnd, MAX_NAME_LENGTH) &&
      fits(bytes, this.unitStart, this.unitEnd, MAX_UNIT_LENGTH) &&
      (this.idEnd === this.idStart || fits(bytes, this.idStart, this.idEnd, MAX_EVENT_ID_LENGTH))
    );
  }

  #keep(key: number, start: number, end: number): void {
    if (key === COMPONENT) {
      this.componentStart = start;
      this.componentEnd = end;
    } else if (key === METRIC) {
      this.metricStart = start;
      this.metricEnd = end;
    } else if (key === UNIT) {
      this.unitStart = start;
      this.unitEnd = end;
    } else if (key === TIME) {
      this.timeStart = start;
      this.timeEnd = end;
    } else {
      this.idStart = start;
      this.idEnd = end;
    }
  }
}

function fits(bytes: Buffer, start: number, end: number, maxLength: number): boolean {
  return end > start && (end - start <= maxLength || codePointLength(bytes, start, end) <= maxLength);
}

/** The known key that stands in `[start, end)`, or 0. */
function keyOf(bytes: Buffer, start: number, end: number): number {
  const length = end - start;
  for (const [key, name] of KEYS) {
    if (name.length !== length || name[0] !== bytes[start]) continue;
    let at = 1;
    while (at < length && name[at] === bytes[start + at]) at++;
    return at === length ? key : 0;
  }
  return 0;
}
