const QUOTE = 0x22;
const COMMA = 0x2c;

/** Why a line is not a row. */
export type CsvFault = 'unclosed-quote' | 'text-after-quote';

/**
 * Cuts one line into fields, as ranges of bytes.
 *
 * A field that begins with a double quote is quoted and must end on its line; a quote anywhere else is an ordinary
 * character. A quoted field with doubled quotes inside is written out unescaped behind the line's bytes.
 */
export class CsvFields {
  /** Number of fields of the line last cut, all of them, also those beyond `maxFields`. */
  count = 0;
  /** Where each field lies in {@link bytes}. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** The line's own bytes, or a copy where a field had to be unescaped. */
  bytes: Buffer = Buffer.alloc(0);

  /** @param maxFields how many fields are kept; further ones are only counted */
  constructor(maxFields: number) {
    this.starts = new Int32Array(maxFields);
    this.ends = new Int32Array(maxFields);
  }

  cut(bytes: Buffer, start: number, end: number): CsvFault | undefined {
    this.bytes = bytes;
    const { starts, ends } = this;
    let count = 0;
    for (let at = start; ; at++) {
      if (bytes[at] === QUOTE && at < end) return this.#cutQuoted(bytes, start, end);
      if (count < starts.length) starts[count] = at;
      while (at < end && bytes[at] !== COMMA) at++;
      if (count < ends.length) ends[count] = at;
      count++;
      if (at >= end) break;
    }
    this.count = count;
    return undefined;
  }

  #cutQuoted(bytes: Buffer, start: number, end: number): CsvFault | undefined {
    const plain = Buffer.allocUnsafe(end - start);
    this.bytes = plain;
    let written = 0;
    let count = 0;
    let at = start;
    for (;;) {
      const fieldStart = written;
      if (at < end && bytes[at] === QUOTE) {
        at++;
        for (;;) {
          if (at >= end) return 'unclosed-quote';
          const byte = bytes[at++]!;
          if (byte !== QUOTE) plain[written++] = byte;
          else if (at < end && bytes[at] === QUOTE) {
            plain[written++] = QUOTE;
            at++;
          } else break;
        }
        if (at < end && bytes[at] !== COMMA) return 'text-after-quote';
      } else {
        while (at < end && bytes[at] !== COMMA) plain[written++] = bytes[at++]!;
      }
      if (count < this.starts.length) {
        this.starts[count] = fieldStart;
        this.ends[count] = written;
      }
      count++;
      if (at >= end) break;
      at++;
    }
    this.count = count;
    return undefined;
  }

  /** A field as text. */
  text(index: number): string {
    return this.bytes.toString('utf8', this.starts[index], this.ends[index]);
  }
}
