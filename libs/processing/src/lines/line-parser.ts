import { LineReader, type LineReaderState } from './line-reader.js';
import type { RejectedLineListener } from './rejected-line.js';

export interface LineParserOptions {
  readonly onRejected: RejectedLineListener;
  /** Longest line, default 1 MiB. */
  readonly maxRecordBytes?: number;
  /** Where a parser of the same options stood, to go on from there. */
  readonly state?: LineReaderState;
}

/** What all parsers of lines share: bytes in, cut anywhere; each non-empty line is handed to the parser once. */
export abstract class LineParser {
  readonly #reader: LineReader;

  /** @param hasHeader whether the first non-empty line goes to `header` and is no record */
  protected constructor({ onRejected, maxRecordBytes, state }: LineParserOptions, hasHeader = false) {
    this.#reader = new LineReader({
      onLine: (bytes, start, end, line) => this.line(bytes, start, end, line),
      onRejected,
      ...(hasHeader && { onHeader: (bytes, start, end, length) => this.header?.(bytes, start, end, length) }),
      ...(maxRecordBytes !== undefined && { maxRecordBytes }),
      ...(state && { state }),
    });
  }

  /** Everything it holds between two chunks, for another parser to go on from. */
  state(): LineReaderState {
    return this.#reader.state();
  }

  /** Lines that have ended so far. */
  get lines(): number {
    return this.#reader.lines;
  }

  /** Records read so far: non-empty lines without a header. */
  get records(): number {
    return this.#reader.records;
  }

  /** Takes the next bytes. They may be overwritten after the call. */
  push(chunk: Uint8Array): void {
    this.#reader.push(chunk);
  }

  /** Takes a whole record of a stream, where a line end ends nothing. It counts as a line. */
  pushRecord(bytes: Buffer): void {
    this.#reader.record(bytes);
  }

  /** Ends the input; a last line without line end is a line. */
  end(): void {
    this.#reader.end();
  }

  protected abstract line(bytes: Buffer, start: number, end: number, line: number): void;

  /** Takes the header, like a {@link HeaderListener}, in a parser that asks for one. */
  protected header?(bytes: Buffer, start: number, end: number, length: number): void;
}
