import { isUtf8 } from 'node:buffer';
import { MAX_RECORD_BYTES } from '@pulselake/data-model';
import { parseInstantBytes } from '../bytes/parse-instant-bytes.js';
import { readWindowedRecord } from '../csv/windowed-json-parser.js';
import { newWindowedRow, type ParsedWindowedRow } from '../csv/windowed-row-listener.js';
import type { SeriesTable } from '../events/series-table.js';
import { type Fault, missingField, parseJsonObject, wrongType } from '../lines/json-record.js';
import { rawBinary, rawText, type RejectedLine } from '../lines/rejected-line.js';

/** A window as the stream's engine sends it: the row with all that tells its versions apart. */
export interface DeliveredWindow extends ParsedWindowedRow {
  /** Empty when the row is the whole window. */
  partId: string;
  inputId: string;
  revision: number;
  /** Milliseconds since the epoch. */
  emittedAtMs: number;
}

/**
 * Reads a windowed metric of the delivery stream.
 *
 * @param bytes one record of the stream
 * @param series takes the row's names
 * @returns the window, or why it is none
 */
export function readDeliveredWindow(bytes: Buffer, series: SeriesTable): DeliveredWindow | RejectedLine {
  const rejected = ([reason, message]: Fault): RejectedLine => ({
    reason,
    message,
    line: 0,
    ...(reason === 'bad-encoding' ? rawBinary(bytes, 0, bytes.length) : rawText(bytes, 0, bytes.length)),
  });
  if (!isUtf8(bytes)) return rejected(['bad-encoding', 'The record is not UTF-8.']);
  if (bytes.length > MAX_RECORD_BYTES) {
    return rejected(['too-long', `The record has ${bytes.length} bytes; at most ${MAX_RECORD_BYTES} are allowed.`]);
  }
  const record = parseJsonObject(bytes.toString());
  if (record === undefined) return rejected(['malformed', 'The record is not a JSON object.']);
  const window = { ...newWindowedRow(), partId: '', inputId: '', revision: 0, emittedAtMs: 0 };
  const fault = readWindowedRecord(record, series, window) ?? readVersion(record, window);
  return fault ? rejected(fault) : window;
}

/** Whether a record of the delivery stream is a window. */
export function isDelivered(read: DeliveredWindow | RejectedLine): read is DeliveredWindow {
  return !('reason' in read);
}

function readVersion(record: Readonly<Record<string, unknown>>, window: DeliveredWindow): Fault | undefined {
  const { source, partId = '', inputId = '', revision, emittedAt } = record;
  const fault = missingField(record, ['source', 'revision', 'emittedAt', 'sampleCount']);
  if (fault) return fault;
  if (source !== 'stream') return wrongType('source', 'stream');
  if (typeof partId !== 'string') return wrongType('partId', 'a text');
  if (typeof inputId !== 'string') return wrongType('inputId', 'a text');
  if (typeof revision !== 'number' || !Number.isInteger(revision) || revision < 0 || revision > 0x7fffffff) {
    return wrongType('revision', 'a whole number from 0 to 2^31 − 1');
  }
  const instant = Buffer.from(typeof emittedAt === 'string' ? emittedAt : '');
  const emittedAtMs = parseInstantBytes(instant, 0, instant.length);
  if (Number.isNaN(emittedAtMs)) return ['bad-timestamp', 'emittedAt is not an instant like 2020-01-01T11:32:54Z.'];
  Object.assign(window, { partId, inputId, revision, emittedAtMs });
  return undefined;
}
