import { MAX_RAW_BYTES, MAX_RECORD_BYTES } from '@pulselake/data-model';
import { MetricEventParser, type RejectedLine, SeriesTable, type LineReaderState } from '@pulselake/processing';
import { partitionKey } from './partition-key.js';

/** A line that may be sent. */
export interface EventLine {
  readonly kind: 'event';
  readonly partitionKey: string;
  /** The event's JSON, with an id. */
  readonly data: Uint8Array;
  /** Its `publicationTimestamp`, milliseconds since the epoch. */
  readonly timestampMs: number;
  /** Whether the id was missing. */
  readonly idAdded: boolean;
}

/** A line that may not. */
export interface RejectedEventLine extends RejectedLine {
  readonly kind: 'rejected';
}

/** Series that are remembered at a time. */
const MAX_SERIES = 100_000;
const CLOSING_BRACE = 0x7d;

/** Cuts chunks into lines and holds each against the rules of metric events. Memory is bounded by a chunk and a record. */
export class EventLines {
  #items: (EventLine | RejectedEventLine)[] = [];
  #parser: RangedParser;

  /** @param idOf the id of an event that has none, by its line */
  constructor(private readonly idOf: (line: number) => string) {
    this.#parser = this.#newParser();
  }

  /** The lines that end in a chunk, in order. */
  push(chunk: Uint8Array): (EventLine | RejectedEventLine)[] {
    if (this.#parser.series.size > MAX_SERIES) this.#parser = this.#newParser(this.#parser.state());
    this.#parser.push(chunk);
    return this.#take();
  }

  /** A last line without its end. */
  end(): (EventLine | RejectedEventLine)[] {
    this.#parser.end();
    return this.#take();
  }

  #take() {
    const items = this.#items;
    this.#items = [];
    return items;
  }

  #newParser(state?: LineReaderState): RangedParser {
    const parser: RangedParser = new RangedParser({
      series: new SeriesTable(),
      ...(state && { state }),
      onRejected: (rejected) => this.#items.push({ kind: 'rejected', ...rejected }),
      onEvent: ({ series, timestampMs, hasId, line }) => {
        const key = parser.keyOf(series);
        const idAdded = !hasId;
        const data = parser.bytes(hasId ? undefined : this.idOf(line));
        if (data.byteLength + Buffer.byteLength(key) > MAX_RECORD_BYTES) {
          this.#items.push({
            kind: 'rejected',
            reason: 'too-long',
            message: `The record has ${data.byteLength + Buffer.byteLength(key)} bytes with its id and key; Kinesis takes ${MAX_RECORD_BYTES}.`,
            line,
            ...parser.raw(),
          });
        } else this.#items.push({ kind: 'event', partitionKey: key, data, timestampMs, idAdded });
      },
    });
    return parser;
  }
}

/** The parser of events, which also tells where the line's bytes are. */
class RangedParser extends MetricEventParser {
  readonly series: SeriesTable;
  readonly #keys: string[] = [];
  #bytes: Buffer = Buffer.alloc(0);
  #start = 0;
  #end = 0;

  constructor(options: ConstructorParameters<typeof MetricEventParser>[0]) {
    super(options);
    this.series = options.series;
  }

  keyOf(series: number): string {
    return (this.#keys[series] ??= partitionKey(this.series.get(series)));
  }

  /** The line's bytes, with an id put in when one is given. */
  bytes(id: string | undefined): Uint8Array {
    if (id === undefined) return this.#bytes.subarray(this.#start, this.#end);
    const brace = this.#bytes.lastIndexOf(CLOSING_BRACE, this.#end - 1);
    // The last of several keys counts, so this one replaces a null or an empty text.
    const tail = Buffer.from(`,"eventId":"${id}"}`);
    return Buffer.concat([this.#bytes.subarray(this.#start, brace), tail]);
  }

  raw(): { raw: string; truncated: true } {
    return { raw: cut(this.#bytes.subarray(this.#start, this.#end)), truncated: true };
  }

  protected override line(bytes: Buffer, start: number, end: number, line: number): void {
    this.#bytes = bytes;
    this.#start = start;
    this.#end = end;
    super.line(bytes, start, end, line);
  }
}

/** The first bytes, to a whole code point. */
function cut(bytes: Buffer): string {
  let end = Math.min(bytes.length, MAX_RAW_BYTES);
  while (end > 0 && end < bytes.length && (bytes[end]! & 0xc0) === 0x80) end--;
  return bytes.toString('utf8', 0, end);
}
