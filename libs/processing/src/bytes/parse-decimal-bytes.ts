const POWERS_OF_TEN = [
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
  1e21, 1e22,
];

/**
 * Reads `[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?` as the nearest double.
 *
 * Up to 2^53 and powers up to 10^22 one multiplication or division of exact doubles is correctly rounded; all else goes
 * to the platform's own conversion.
 *
 * @returns the double; ±Infinity when it is beyond double; NaN when the text is no such number
 */
export function parseDecimalBytes(bytes: Buffer, start: number, end: number): number {
  let at = start;
  let negative = false;
  const sign = bytes[at];
  if (sign === 0x2d || sign === 0x2b) {
    negative = sign === 0x2d;
    at++;
  }
  let mantissa = 0;
  let digits = 0;
  let significant = 0;
  let fraction = 0;
  let byte: number;
  for (; at < end; at++) {
    byte = bytes[at]! - 48;
    if (byte >>> 0 > 9) break;
    mantissa = mantissa * 10 + byte;
    if (mantissa !== 0) significant++;
    digits++;
  }
  if (at < end && bytes[at] === 0x2e) {
    at++;
    for (; at < end; at++) {
      byte = bytes[at]! - 48;
      if (byte >>> 0 > 9) break;
      mantissa = mantissa * 10 + byte;
      if (mantissa !== 0) significant++;
      digits++;
      fraction++;
    }
  }
  if (digits === 0) return NaN;
  let exponent = 0;
  if (at < end) {
    if ((bytes[at]! | 0x20) !== 0x65) return NaN;
    at++;
    let negativeExponent = false;
    const exponentSign = bytes[at];
    if (at < end && (exponentSign === 0x2d || exponentSign === 0x2b)) {
      negativeExponent = exponentSign === 0x2d;
      at++;
    }
    if (at >= end) return NaN;
    for (; at < end; at++) {
      byte = bytes[at]! - 48;
      if (byte >>> 0 > 9) return NaN;
      // Capped where no fraction of a record is long enough to bring the number back.
      if (exponent < 100_000_000) exponent = exponent * 10 + byte;
    }
    if (negativeExponent) exponent = -exponent;
  }
  if (significant <= 15) {
    const power = exponent - fraction;
    if (power >= -22 && power <= 22) {
      const value = power < 0 ? mantissa / POWERS_OF_TEN[-power]! : mantissa * POWERS_OF_TEN[power]!;
      return negative ? -value : value;
    }
  }
  return Number(bytes.toString('latin1', start, end));
}

const NOT_FINITE_WORDS: readonly Buffer[] = ['NaN', 'Infinity', '+Infinity', '-Infinity'].map((word) =>
  Buffer.from(word),
);

/** Whether the text is one of `NaN`, `Infinity`, `+Infinity`, `-Infinity`. */
export function isNotFiniteWord(bytes: Buffer, start: number, end: number): boolean {
  return NOT_FINITE_WORDS.some((word) => word.length === end - start && word.compare(bytes, start, end) === 0);
}
