import { MAX_RECORD_BYTES } from '@pulselake/data-model';

const CHUNK_BYTES = 65_536;

/** A line without its end; bytes when it is not UTF-8. The empty string is a blank line, no record. */
export type Line = string | Uint8Array;

export interface EncodeLinesOptions {
  /** The first line, no record; default none. */
  readonly header?: string | undefined;
  /** Default false. */
  readonly byteOrderMark?: boolean;
  /** CRLF instead of LF; default false. */
  readonly crlf?: boolean;
  /** Whether the last line has an end; default true. */
  readonly finalNewline?: boolean;
  /** Called for each record. */
  readonly onRecord?: () => void;
}

/** Turns lines into chunks of about 64 KiB. */
export function* encodeLines(lines: Iterable<Line>, options: EncodeLinesOptions = {}): Iterable<Uint8Array> {
  const { header, byteOrderMark = false, crlf = false, finalNewline = true, onRecord } = options;
  const end = crlf ? '\r\n' : '\n';
  let pending = byteOrderMark ? '\ufeff' : '';
  let isFirst = true;
  if (header !== undefined) {
    pending += header;
    isFirst = false;
  }
  for (const line of lines) {
    if (!isFirst) pending += end;
    isFirst = false;
    if (line.length > 0) onRecord?.();
    if (typeof line === 'string') {
      pending += line;
    } else {
      yield Buffer.from(pending);
      yield line;
      pending = '';
    }
    if (pending.length >= CHUNK_BYTES) {
      yield Buffer.from(pending);
      pending = '';
    }
  }
  if (finalNewline && !isFirst) pending += end;
  if (pending !== '') yield Buffer.from(pending);
}

/** A line that exceeds the longest record, whatever it holds. */
export function oversizedLine(): string {
  return '{"componentName":"'.padEnd(MAX_RECORD_BYTES + 1, 'x');
}
