import { MAX_NAME_LENGTH, MAX_UNIT_LENGTH } from '@pulselake/data-model';
import { parseInstantBytes } from '../bytes/parse-instant-bytes.js';
import type { SeriesTable } from '../events/series-table.js';
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
import { LineParser } from '../lines/line-parser.js';
import { rawText, type RejectedLineListener } from '../lines/rejected-line.js';
import { newWindowedRow, type ParsedWindowedRow, type WindowedRowListener } from './windowed-row-listener.js';

/** The years 0001 to 9999. */
const FIRST_MS = Date.parse('0001-01-01T00:00:00.000Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');

const NEEDED = ['componentName', 'metricName', 'unit', 'minValue', 'maxValue', 'fromTimestamp', 'toTimestamp'] as const;
const KNOWN = [...NEEDED, 'sumValue', 'sampleCount'] as const;

/** A windowed metric before it is checked: any values under the camelCase names; times as text or, from Parquet, as Date. */
export type WindowedRecord = Readonly<Record<string, unknown>>;

/**
 * Checks a windowed metric from JSON or Parquet and fills `row`.
 *
 * @returns what is wrong with it, `undefined` when nothing is and `row` is filled
 */
export function readWindowedRecord(
  record: WindowedRecord,
  series: SeriesTable,
  row: ParsedWindowedRow,
): Fault | undefined {
  const { componentName, metricName, unit, minValue, maxValue, sumValue, sampleCount } = record;
  const fault =
    unpairedSurrogate(record, KNOWN) ??
    tooLong('componentName', componentName, MAX_NAME_LENGTH) ??
    tooLong('metricName', metricName, MAX_NAME_LENGTH) ??
    tooLong('unit', unit, MAX_UNIT_LENGTH) ??
    missingField(record, NEEDED) ??
    wrongText('componentName', componentName) ??
    wrongText('metricName', metricName) ??
    wrongText('unit', unit) ??
    wrongNumber('minValue', minValue) ??
    wrongNumber('maxValue', maxValue) ??
    (isAbsent(sumValue) ? undefined : wrongNumber('sumValue', sumValue)) ??
    (isAbsent(sampleCount) ? undefined : wrongCount(sampleCount));
  if (fault) return fault;
  row.fromMs = toMillis(record['fromTimestamp']);
  row.toMs = toMillis(record['toTimestamp']);
  if (Number.isNaN(row.fromMs)) return ['bad-timestamp', 'fromTimestamp is not an instant like 2020-01-01T11:32:54Z.'];
  if (Number.isNaN(row.toMs)) return ['bad-timestamp', 'toTimestamp is not an instant like 2020-01-01T11:32:54Z.'];
  row.minValue = minValue as number;
  row.maxValue = maxValue as number;
  row.sumValue = isAbsent(sumValue) ? NaN : (sumValue as number);
  row.sampleCount = isAbsent(sampleCount) ? NaN : (sampleCount as number);
  const infinite = Object.entries({ minValue, maxValue, ...(!isAbsent(sumValue) && { sumValue }) }).find(
    ([, value]) => !Number.isFinite(value),
  );
  if (infinite) return ['not-finite', `${infinite[0]} is NaN, infinite or beyond double.`];
  if (row.minValue > row.maxValue) return ['min-above-max', 'minValue is greater than maxValue.'];
  if (row.fromMs >= row.toMs) return ['empty-window', 'The window does not end after it starts.'];
  row.series = series.indexOf(componentName as string, metricName as string, unit as string);
  return undefined;
}

/** Who takes the rows of a {@link WindowedJsonParser}. */
export interface WindowedJsonParserOptions {
  readonly series: SeriesTable;
  readonly onRow: WindowedRowListener;
  readonly onRejected: RejectedLineListener;
  readonly maxRecordBytes?: number;
}

/** Reads windowed metrics from JSON Lines. Each non-empty line is handed to exactly one of the two listeners. */
export class WindowedJsonParser extends LineParser {
  readonly #options: WindowedJsonParserOptions;
  readonly #row = newWindowedRow();

  constructor(options: WindowedJsonParserOptions) {
    super(options);
    this.#options = options;
  }

  protected override line(bytes: Buffer, start: number, end: number, line: number): void {
    const { series, onRow, onRejected } = this.#options;
    const record = parseJsonObject(bytes.toString('utf8', start, end));
    const fault: Fault | undefined =
      record === undefined
        ? ['malformed', 'The line is not a JSON object.']
        : readWindowedRecord(record, series, this.#row);
    if (fault) {
      onRejected({ reason: fault[0], message: fault[1], line, ...rawText(bytes, start, end) });
      return;
    }
    this.#row.line = line;
    onRow(this.#row);
  }
}

function wrongNumber(field: string, value: unknown): Fault | undefined {
  return typeof value === 'number' ? undefined : wrongType(field, 'a number');
}

function wrongCount(value: unknown): Fault | undefined {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 1) return undefined;
  return wrongType('sampleCount', 'a whole number from 1 to 2^53 − 1');
}

function toMillis(value: unknown): number {
  if (value instanceof Date) return value.getTime() >= FIRST_MS && value.getTime() <= LAST_MS ? value.getTime() : NaN;
  const bytes = Buffer.from(typeof value === 'string' ? value : '');
  return parseInstantBytes(bytes, 0, bytes.length);
}
