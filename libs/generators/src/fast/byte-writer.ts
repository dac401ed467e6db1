const CHUNK_BYTES = 262_144;
/** No row of the fast generators is longer. */
const ROW_BYTES_MAX = 2_048;
/** Up to here a loop copies faster than set(). */
const LOOP_BYTES_MAX = 48;
const ZERO = 48;
const DOT = 46;

/** Writes bytes into chunks which are handed over full. Decimal digits are written by hand: that is what makes it fast. */
export class ByteWriter {
  #chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  #length = 0;

  /** The chunk when no further row is sure to fit, and then starts a new one. */
  takeFull(): Uint8Array | undefined {
    return this.#length > CHUNK_BYTES - ROW_BYTES_MAX ? this.take() : undefined;
  }

  /** What was written since the last chunk. */
  take(): Uint8Array {
    const full = this.#chunk.subarray(0, this.#length);
    this.#chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    this.#length = 0;
    return full;
  }

  bytes(bytes: Uint8Array): void {
    const chunk = this.#chunk;
    let at = this.#length;
    if (bytes.length > LOOP_BYTES_MAX) {
      chunk.set(bytes, at);
      this.#length = at + bytes.length;
      return;
    }
    for (let index = 0; index < bytes.length; index++) chunk[at++] = bytes[index]!;
    this.#length = at;
  }

  byte(byte: number): void {
    this.#chunk[this.#length++] = byte;
  }

  /** A whole number, 0 to 2^53 - 1. */
  integer(value: number): void {
    let digits = 1;
    for (let bound = 10; value >= bound; bound *= 10) digits++;
    this.#digits(value, digits);
  }

  /** `thousandths` / 1000 with three decimals; 0 to 2^53 - 1. */
  thousandths(thousandths: number): void {
    const whole = Math.floor(thousandths / 1000);
    this.integer(whole);
    this.#chunk[this.#length++] = DOT;
    this.#digits(thousandths - whole * 1000, 3);
  }

  /** A whole number with leading zeros. */
  padded(value: number, digits: number): void {
    this.#digits(value, digits);
  }

  #digits(value: number, digits: number): void {
    const chunk = this.#chunk;
    let at = this.#length + digits;
    this.#length = at;
    let left = value;
    while (left > 0x7fffffff) {
      const shorter = Math.floor(left / 10);
      chunk[--at] = ZERO + (left - shorter * 10);
      left = shorter;
    }
    // Below 2^31 the engine divides integers.
    for (let small = left | 0; at > this.#length - digits;) {
      const shorter = (small / 10) | 0;
      chunk[--at] = ZERO + (small - shorter * 10);
      small = shorter;
    }
  }
}
