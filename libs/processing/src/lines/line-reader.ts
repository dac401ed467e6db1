import { isAscii, isUtf8 } from 'node:buffer';
import { MAX_RECORD_BYTES } from '@pulselake/data-model';
import { BOM_BYTES, startsWithBom } from './byte-order-mark.js';
import { OversizedLine, type OversizedLineState } from './oversized-line.js';
import { rawBinary, rawText, type RejectedLineListener } from './rejected-line.js';

const LF = 0x0a;
const CR = 0x0d;

/** Takes a non-empty line of valid UTF-8: `bytes[start, end)` without its line end, valid during the call only. */
export type LineListener = (bytes: Buffer, start: number, end: number, line: number) => void;

/** Takes the header like a line; `length` is its whole length, and the range is empty when that is over the limit. */
export type HeaderListener = (bytes: Buffer, start: number, end: number, length: number) => void;

/** Who takes the lines of a {@link LineReader}, and how long they may be. */
export interface LineReaderOptions {
  readonly onLine: LineListener;
  readonly onRejected: RejectedLineListener;
  /** Takes the first non-empty line, which is then no record. */
  readonly onHeader?: HeaderListener;
  /** Longest line, default 1 MiB; a longer one is `too-long`. */
  readonly maxRecordBytes?: number;
  /** Where a reader of the same options stood, to go on from there. */
  readonly state?: LineReaderState;
}

/** Where a reader stands between two chunks, as JSON. */
export interface LineReaderState {
  readonly lines: number;
  readonly records: number;
  /** The beginning of a line whose end is still to come, base64. */
  readonly held: string;
  readonly oversized?: OversizedLineState;
}

/**
 * Cuts bytes that arrive in chunks of any size into lines, and counts every record before anything parses it.
 *
 * Memory is bounded by one chunk and one record. A line that is not UTF-8 or too long is rejected here.
 */
export class LineReader {
  readonly #onLine: LineListener;
  readonly #onRejected: RejectedLineListener;
  readonly #maxRecordBytes: number;
  #onHeader: HeaderListener | undefined;
  #line = 0;
  #records = 0;
  #carry: Buffer[] = [];
  #carryBytes = 0;
  #oversized: OversizedLine | undefined;

  constructor(options: LineReaderOptions) {
    this.#onLine = options.onLine;
    this.#onRejected = options.onRejected;
    this.#onHeader = options.onHeader;
    this.#maxRecordBytes = options.maxRecordBytes ?? MAX_RECORD_BYTES;
    if (options.state) this.#restore(options.state);
  }

  /** Everything it holds, for another reader to go on from. */
  state(): LineReaderState {
    return {
      lines: this.#line,
      records: this.#records,
      held: Buffer.concat(this.#carry).toString('base64'),
      ...(this.#oversized && { oversized: this.#oversized.state() }),
    };
  }

  /** Lines that have ended so far. */
  get lines(): number {
    return this.#line;
  }

  /** Non-empty lines so far, a header not counted. */
  get records(): number {
    return this.#records;
  }

  /** Takes the next bytes. They may be overwritten after the call. */
  push(chunk: Uint8Array): void {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let start = 0;
    if (this.#carryBytes > 0 || this.#oversized) {
      const end = bytes.indexOf(LF);
      if (end < 0) {
        this.#hold(bytes);
        return;
      }
      this.#hold(bytes.subarray(0, end));
      this.#endHeldLine();
      start = end + 1;
    }
    const last = bytes.lastIndexOf(LF);
    if (last >= start) this.#block(bytes, start, last);
    if (Math.max(last + 1, start) < bytes.length) this.#hold(bytes.subarray(Math.max(last + 1, start)));
  }

  /** Takes a whole record of a stream, where a line end ends nothing. It counts as a line. */
  record(bytes: Buffer): void {
    this.#records++;
    this.#check(bytes, 0, bytes.length, ++this.#line, false);
  }

  /** Ends the input; a last line without line end is a line. */
  end(): void {
    if (this.#carryBytes > 0 || this.#oversized) this.#endHeldLine();
  }

  #restore({ lines, records, held, oversized }: LineReaderState): void {
    this.#line = lines;
    this.#records = records;
    const bytes = Buffer.from(held, 'base64');
    if (bytes.length > 0) this.#carry = [bytes];
    this.#carryBytes = bytes.length;
    if (oversized) this.#oversized = OversizedLine.from(oversized);
  }

  /** Whole lines in `[start, last]`, where `last` is the last line's LF. */
  #block(bytes: Buffer, start: number, last: number): void {
    const block = bytes.subarray(start, last);
    const valid = isAscii(block) || isUtf8(block);
    for (let from = start; from <= last;) {
      const end = bytes.indexOf(LF, from);
      this.#whole(bytes, from, end, valid);
      from = end + 1;
    }
  }

  #whole(bytes: Buffer, start: number, lineEnd: number, valid: boolean): void {
    const line = ++this.#line;
    const from = line === 1 && startsWithBom(bytes, start, lineEnd) ? start + BOM_BYTES : start;
    const end = lineEnd > from && bytes[lineEnd - 1] === CR ? lineEnd - 1 : lineEnd;
    if (end === from) return;
    if (this.#onHeader) {
      this.#header(bytes, from, end, end - from);
      return;
    }
    this.#records++;
    this.#check(bytes, from, end, line, valid);
  }

  #check(bytes: Buffer, from: number, end: number, line: number, valid: boolean): void {
    if (!valid && !isUtf8(bytes.subarray(from, end))) {
      this.#onRejected({
        reason: 'bad-encoding',
        message: 'The line is not UTF-8.',
        line,
        ...rawBinary(bytes, from, end),
      });
    } else if (end - from > this.#maxRecordBytes) {
      this.#onRejected({ reason: 'too-long', message: this.#tooLong(end - from), line, ...rawText(bytes, from, end) });
    } else {
      this.#onLine(bytes, from, end, line);
    }
  }

  #header(bytes: Buffer, start: number, end: number, length: number): void {
    const onHeader = this.#onHeader!;
    this.#onHeader = undefined;
    onHeader(bytes, start, length > this.#maxRecordBytes ? start : end, length);
  }

  #hold(bytes: Buffer): void {
    if (this.#oversized) {
      this.#oversized.push(bytes);
      return;
    }
    this.#carry.push(Buffer.from(bytes));
    this.#carryBytes += bytes.length;
    // A byte order mark and a CR may still fall away.
    if (this.#carryBytes <= this.#maxRecordBytes + BOM_BYTES + 1) return;
    this.#oversized = new OversizedLine(this.#line === 0);
    for (const part of this.#carry) this.#oversized.push(part);
    this.#carry = [];
    this.#carryBytes = 0;
  }

  #endHeldLine(): void {
    const oversized = this.#oversized;
    if (oversized) {
      this.#oversized = undefined;
      this.#endOversizedLine(oversized);
      return;
    }
    const bytes = this.#carry.length === 1 ? this.#carry[0]! : Buffer.concat(this.#carry);
    this.#carry = [];
    this.#carryBytes = 0;
    this.#whole(bytes, 0, bytes.length, false);
  }

  #endOversizedLine(oversized: OversizedLine): void {
    const line = ++this.#line;
    const { head, length, valid } = oversized.end();
    if (this.#onHeader) {
      this.#header(head, 0, head.length, length);
      return;
    }
    this.#records++;
    this.#onRejected(
      valid
        ? { reason: 'too-long', message: this.#tooLong(length), line, ...rawText(head, 0, head.length, length) }
        : {
            reason: 'bad-encoding',
            message: 'The line is not UTF-8.',
            line,
            ...rawBinary(head, 0, head.length, length),
          },
    );
  }

  #tooLong(length: number): string {
    return `The line has ${length} bytes; at most ${this.#maxRecordBytes} are allowed.`;
  }
}
