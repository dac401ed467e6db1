import { isUtf8 } from 'node:buffer';
import { MAX_RAW_BYTES } from '@pulselake/data-model';
import { BOM_BYTES, startsWithBom } from './byte-order-mark.js';

const CR = 0x0d;

/** An oversized line between two chunks, as JSON. */
export interface OversizedLineState {
  readonly first: boolean;
  /** Base64. */
  readonly head: string;
  readonly length: number;
  readonly lastByte: number;
  readonly valid: boolean;
  /** Base64. */
  readonly openSequence: string;
}

/** A line longer than memory should hold: its head, its length, and whether it is UTF-8. */
export class OversizedLine {
  readonly #first: boolean;
  #head: Buffer = Buffer.alloc(0);
  #length = 0;
  #lastByte = 0;
  #valid = true;
  /** The bytes of a code point whose end is still to come. */
  #openSequence: Buffer = Buffer.alloc(0);

  constructor(first: boolean) {
    this.#first = first;
  }

  static from(state: OversizedLineState): OversizedLine {
    const line = new OversizedLine(state.first);
    line.#head = Buffer.from(state.head, 'base64');
    line.#length = state.length;
    line.#lastByte = state.lastByte;
    line.#valid = state.valid;
    line.#openSequence = Buffer.from(state.openSequence, 'base64');
    return line;
  }

  state(): OversizedLineState {
    return {
      first: this.#first,
      head: this.#head.toString('base64'),
      length: this.#length,
      lastByte: this.#lastByte,
      valid: this.#valid,
      openSequence: this.#openSequence.toString('base64'),
    };
  }

  push(bytes: Buffer): void {
    if (bytes.length === 0) return;
    // One code point more than is kept, so that a cut is seen to be one.
    const missing = MAX_RAW_BYTES + BOM_BYTES + 4 - this.#head.length;
    if (missing > 0) this.#head = Buffer.concat([this.#head, bytes.subarray(0, missing)]);
    this.#length += bytes.length;
    this.#lastByte = bytes[bytes.length - 1]!;
    if (this.#valid) this.#check(Buffer.concat([this.#openSequence, bytes]));
  }

  end(): { head: Buffer; length: number; valid: boolean } {
    const bom = this.#first && startsWithBom(this.#head, 0, this.#head.length) ? BOM_BYTES : 0;
    const length = this.#length - bom - (this.#lastByte === CR ? 1 : 0);
    return {
      head: this.#head.subarray(bom, bom + length),
      length,
      valid: this.#valid && this.#openSequence.length === 0,
    };
  }

  #check(bytes: Buffer): void {
    const end = wholeSequencesEnd(bytes);
    this.#valid = isUtf8(bytes.subarray(0, end));
    this.#openSequence = Buffer.from(bytes.subarray(end));
  }
}

/** Where the last code point begins when its end may still come, else the end. */
function wholeSequencesEnd(bytes: Buffer): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) break;
    if (byte >= 0xc0) {
      const wanted = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return back < wanted ? bytes.length - back : bytes.length;
    }
  }
  return bytes.length;
}
