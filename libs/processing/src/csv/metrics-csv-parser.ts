import {
  MAX_EVENT_ID_LENGTH,
  MAX_NAME_LENGTH,
  MAX_UNIT_LENGTH,
  METRIC_EVENT_CSV_COLUMNS,
  METRIC_EVENT_CSV_OPTIONAL_COLUMNS,
  type RejectReason,
  WINDOWED_METRIC_CSV_COLUMNS,
  WINDOWED_METRIC_CSV_OPTIONAL_COLUMNS,
} from '@pulselake/data-model';
import { codePointLength } from '../bytes/code-points.js';
import { isNotFiniteWord, parseDecimalBytes } from '../bytes/parse-decimal-bytes.js';
import { parseInstantBytes } from '../bytes/parse-instant-bytes.js';
import { hashEventId } from '../events/event-id-hash.js';
import type { MetricEventListener, ParsedMetricEvent } from '../events/metric-event-listener.js';
import type { SeriesTable } from '../events/series-table.js';
import { LineParser } from '../lines/line-parser.js';
import { rawText, type RejectedLineListener } from '../lines/rejected-line.js';
import { CsvFields } from './csv-fields.js';
import { newWindowedRow, type ParsedWindowedRow, type WindowedRowListener } from './windowed-row-listener.js';

/** What the rows of a CSV are. */
export type MetricsCsvKind = 'windowed' | 'events';

/** Who takes the rows of a {@link MetricsCsvParser}. */
export interface MetricsCsvParserOptions {
  readonly series: SeriesTable;
  /** Takes the rows of a CSV of windows. */
  readonly onRow: WindowedRowListener;
  /** Takes the rows of a CSV of plain events. */
  readonly onEvent: MetricEventListener;
  readonly onRejected: RejectedLineListener;
  readonly maxRecordBytes?: number;
}

/** The header does not make the file readable: the input fails whole, no row of it is used. */
export class CsvHeaderError extends Error {
  override readonly name = 'CsvHeaderError';
  /** @param columns the needed columns that are absent or named twice */
  constructor(
    message: string,
    readonly columns: readonly string[],
  ) {
    super(message);
  }
}

interface Layout {
  readonly kind: MetricsCsvKind;
  /** Number of fields of every row. */
  readonly width: number;
  /** Position of each column, in the order of the needed and then the optional ones; −1 when absent. */
  readonly positions: readonly number[];
}

const WINDOWED = [...WINDOWED_METRIC_CSV_COLUMNS, ...WINDOWED_METRIC_CSV_OPTIONAL_COLUMNS] as const;
const EVENTS = [...METRIC_EVENT_CSV_COLUMNS, ...METRIC_EVENT_CSV_OPTIONAL_COLUMNS] as const;

/**
 * Reads windowed metrics, or plain events, from CSV; the header tells which. Each row is handed to exactly one listener.
 *
 * @throws CsvHeaderError from `push` or `end` when the header lacks a needed column
 */
export class MetricsCsvParser extends LineParser {
  readonly #options: MetricsCsvParserOptions;
  readonly #row: ParsedWindowedRow = newWindowedRow();
  readonly #event: ParsedMetricEvent;
  #layout: Layout | undefined;
  #fields = new CsvFields(0);

  constructor(options: MetricsCsvParserOptions) {
    super(options, true);
    this.#options = options;
    this.#event = {
      series: 0,
      timestampMs: 0,
      value: 0,
      hasId: false,
      idHash: { h0: 0, h1: 0, h2: 0, h3: 0 },
      line: 0,
      readId: () => (this.#event.hasId ? this.#fields.text(this.#layout!.positions[5]!) : undefined),
    };
  }

  /** What the header says the rows are; `undefined` before it was read. */
  get kind(): MetricsCsvKind | undefined {
    return this.#layout?.kind;
  }

  protected override header(bytes: Buffer, start: number, end: number, length: number): void {
    if (length > end - start) throw new CsvHeaderError(`The header is too long: it has ${length} bytes.`, []);
    this.#layout = readHeader(bytes, start, end);
    this.#fields = new CsvFields(this.#layout.width);
  }

  protected override line(bytes: Buffer, start: number, end: number, line: number): void {
    const reason = this.#take(bytes, start, end, line);
    if (reason === undefined) return;
    this.#options.onRejected({ reason, message: MESSAGES[reason] ?? reason, line, ...rawText(bytes, start, end) });
  }

  /** Hands a row on. @returns why not, when it cannot be used */
  #take(bytes: Buffer, start: number, end: number, line: number): RejectReason | undefined {
    const layout = this.#layout!;
    const fields = this.#fields;
    if (fields.cut(bytes, start, end) !== undefined || fields.count !== layout.width) return 'malformed';
    return layout.kind === 'windowed'
      ? this.#windowed(layout.positions, line)
      : this.#plainEvent(layout.positions, line);
  }

  #windowed(positions: readonly number[], line: number): RejectReason | undefined {
    const { bytes, starts, ends } = this.#fields;
    const [component, from, max, metric, min, to, unit, sum, count] = positions as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const nameFault = this.#namesFault(component, metric, unit);
    if (nameFault === 'too-long') return nameFault;
    for (let needed = 0; needed < WINDOWED_METRIC_CSV_COLUMNS.length; needed++) {
      if (starts[positions[needed]!] === ends[positions[needed]!]) return 'missing-field';
    }
    const row = this.#row;
    row.minValue = parseDecimalBytes(bytes, starts[min]!, ends[min]!);
    row.maxValue = parseDecimalBytes(bytes, starts[max]!, ends[max]!);
    row.sumValue = NaN;
    row.sampleCount = NaN;
    const hasSum = sum >= 0 && ends[sum]! > starts[sum]!;
    if (hasSum) row.sumValue = parseDecimalBytes(bytes, starts[sum]!, ends[sum]!);
    if (count >= 0 && ends[count]! > starts[count]!) {
      row.sampleCount = parseDecimalBytes(bytes, starts[count]!, ends[count]!);
      if (!Number.isSafeInteger(row.sampleCount) || row.sampleCount < 1) return 'wrong-type';
    }
    if (this.#isWrongType(row.minValue, min) || this.#isWrongType(row.maxValue, max)) return 'wrong-type';
    if (hasSum && this.#isWrongType(row.sumValue, sum)) return 'wrong-type';
    row.fromMs = parseInstantBytes(bytes, starts[from]!, ends[from]!);
    row.toMs = parseInstantBytes(bytes, starts[to]!, ends[to]!);
    if (Number.isNaN(row.fromMs) || Number.isNaN(row.toMs)) return 'bad-timestamp';
    if (!Number.isFinite(row.minValue) || !Number.isFinite(row.maxValue)) return 'not-finite';
    if (hasSum && !Number.isFinite(row.sumValue)) return 'not-finite';
    if (row.minValue > row.maxValue) return 'min-above-max';
    if (row.fromMs >= row.toMs) return 'empty-window';
    row.series = this.#seriesOf(component, metric, unit);
    row.line = line;
    this.#options.onRow(row);
    return undefined;
  }

  #plainEvent(positions: readonly number[], line: number): RejectReason | undefined {
    const { bytes, starts, ends } = this.#fields;
    const [component, metric, unit, value, time, id] = positions as [number, number, number, number, number, number];
    const hasId = id >= 0 && ends[id]! > starts[id]!;
    const idTooLong = hasId && codePointLength(bytes, starts[id]!, ends[id]!) > MAX_EVENT_ID_LENGTH;
    if (idTooLong || this.#namesFault(component, metric, unit) === 'too-long') return 'too-long';
    for (let needed = 0; needed < METRIC_EVENT_CSV_COLUMNS.length; needed++) {
      if (starts[positions[needed]!] === ends[positions[needed]!]) return 'missing-field';
    }
    const event = this.#event;
    event.value = parseDecimalBytes(bytes, starts[value]!, ends[value]!);
    if (this.#isWrongType(event.value, value)) return 'wrong-type';
    event.timestampMs = parseInstantBytes(bytes, starts[time]!, ends[time]!);
    if (Number.isNaN(event.timestampMs)) return 'bad-timestamp';
    if (!Number.isFinite(event.value)) return 'not-finite';
    event.series = this.#seriesOf(component, metric, unit);
    event.hasId = hasId;
    if (hasId) hashEventId(event.idHash, bytes, starts[id]!, ends[id]!);
    event.line = line;
    this.#options.onEvent(event);
    return undefined;
  }

  #namesFault(component: number, metric: number, unit: number): 'too-long' | undefined {
    const { bytes, starts, ends } = this.#fields;
    const fits = (field: number, maxLength: number) =>
      ends[field]! - starts[field]! <= maxLength || codePointLength(bytes, starts[field]!, ends[field]!) <= maxLength;
    return fits(component, MAX_NAME_LENGTH) && fits(metric, MAX_NAME_LENGTH) && fits(unit, MAX_UNIT_LENGTH)
      ? undefined
      : 'too-long';
  }

  #isWrongType(value: number, field: number): boolean {
    return (
      Number.isNaN(value) &&
      !isNotFiniteWord(this.#fields.bytes, this.#fields.starts[field]!, this.#fields.ends[field]!)
    );
  }

  #seriesOf(component: number, metric: number, unit: number): number {
    const { bytes, starts, ends } = this.#fields;
    return this.#options.series.indexOfBytes(
      bytes,
      starts[component]!,
      ends[component]!,
      starts[metric]!,
      ends[metric]!,
      starts[unit]!,
      ends[unit]!,
    );
  }
}

const MESSAGES: Partial<Record<RejectReason, string>> = {
  malformed: 'The row has another number of fields than the header, or a torn quote.',
  'too-long': 'A name, unit or id is longer than allowed.',
  'missing-field': 'A needed field is empty.',
  'wrong-type': 'A number field does not hold a decimal number.',
  'bad-timestamp': 'A time is not an instant like 2020-01-01T11:32:54Z.',
  'not-finite': 'A number is NaN, infinite or beyond double.',
  'min-above-max': 'minValue is greater than maxValue.',
  'empty-window': 'The window does not end after it starts.',
};

function fieldsAtMost(bytes: Buffer, start: number, end: number): number {
  let fields = 1;
  for (let at = start; at < end; at++) if (bytes[at] === 0x2c) fields++;
  return fields;
}

function readHeader(bytes: Buffer, start: number, end: number): Layout {
  const fields = new CsvFields(fieldsAtMost(bytes, start, end));
  if (fields.cut(bytes, start, end) !== undefined) throw new CsvHeaderError('The header has a torn quote.', []);
  const names = Array.from({ length: fields.count }, (_, index) => fields.text(index));
  const lacking = (columns: readonly string[]) => columns.filter((column) => !names.includes(column));
  const kind: MetricsCsvKind =
    lacking(WINDOWED_METRIC_CSV_COLUMNS).length > 0 && lacking(METRIC_EVENT_CSV_COLUMNS).length === 0
      ? 'events'
      : 'windowed';
  const looksLikeEvents = names.includes('value') || names.includes('publicationTimestamp');
  const needed =
    kind === 'events' || (looksLikeEvents && !names.includes('fromTimestamp'))
      ? METRIC_EVENT_CSV_COLUMNS
      : WINDOWED_METRIC_CSV_COLUMNS;
  const missing = lacking(needed);
  if (missing.length > 0) {
    throw new CsvHeaderError(
      `The header lacks ${missing.join(', ')}. A CSV of windows needs ${WINDOWED_METRIC_CSV_COLUMNS.join(', ')}; one of plain events needs ${METRIC_EVENT_CSV_COLUMNS.join(', ')}.`,
      missing,
    );
  }
  const columns: readonly string[] = kind === 'events' ? EVENTS : WINDOWED;
  const twice = columns.filter((column) => names.indexOf(column) !== names.lastIndexOf(column));
  if (twice.length > 0) throw new CsvHeaderError(`The header names ${twice.join(', ')} twice.`, twice);
  return { kind, width: fields.count, positions: columns.map((column) => names.indexOf(column)) };
}
