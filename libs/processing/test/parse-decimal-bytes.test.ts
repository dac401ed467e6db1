import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isNotFiniteWord, parseDecimalBytes } from '../src/bytes/parse-decimal-bytes.js';
import { between } from './support/between.js';

const GRAMMAR = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;

function parse(text: string, neighbour = '1'): number {
  const { bytes, start, end } = between(text, neighbour);
  return parseDecimalBytes(bytes, start, end);
}

function oracle(text: string): number {
  return GRAMMAR.test(text) ? Number(text) : NaN;
}

const digits = fc.string({ unit: fc.constantFrom('0', '0', '0', ...Array.from('0123456789')), maxLength: 24 });
const decimal = fc
  .record({
    sign: fc.constantFrom('', '', '-', '+'),
    whole: digits,
    point: fc.constantFrom('', '.', '.'),
    fraction: digits,
    exponent: fc.oneof(
      fc.constant(''),
      fc.integer({ min: -400, max: 400 }).map((power) => `e${power}`),
    ),
  })
  .map(({ sign, whole, point, fraction, exponent }) => `${sign}${whole}${point}${point && fraction}${exponent}`);

describe('parseDecimalBytes', () => {
  test('reads decimal numbers as Number() does, to the last bit', () => {
    fc.assert(
      fc.property(decimal, (text) => {
        expect(parse(text)).toBe(oracle(text));
      }),
      { numRuns: 20_000 },
    );
  });

  test('reads every double back from its shortest text', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(parse(Object.is(value, -0) ? '-0' : String(value))).toBe(value);
      }),
      { numRuns: 20_000 },
    );
  });

  test('fails on exactly the texts that the grammar does not take', () => {
    const anyText = fc.string({ unit: fc.constantFrom(...Array.from('0019+-..eE E,xN')), maxLength: 8 });
    fc.assert(
      fc.property(anyText, fc.constantFrom('1', '-', '.', 'e', ' '), (text, neighbour) => {
        expect(parse(text, neighbour)).toBe(oracle(text));
      }),

      { numRuns: 20_000 },
    );
  });

  test.each([
    ['-0', -0],
    ['+0', 0],
    ['1.', 1],
    ['.5', 0.5],
    ['017', 17],
    ['7.015970820911367E-4', 7.015970820911367e-4],
    ['6.574678775225128E15', 6.574678775225128e15],
    ['9007199254740993', 9007199254740992],
    ['999999999999999e22', 9.99999999999999e36],
    ['1e23', 1e23],
    ['0.1e-22', 1e-23],
    ['5e-324', 5e-324],
    ['2.4703282292062327e-324', 0],
    ['1.7976931348623157e308', Number.MAX_VALUE],
    ['1.7976931348623159e308', Infinity],
    ['1e999', Infinity],
    ['-1e999', -Infinity],
    ['0e999999999999', 0],
    ['1e-999999999999', 0],
    [`1${'0'.repeat(400)}e-400`, 1],
  ])('reads %s as %d', (text, value) => {
    expect(parse(text)).toBe(value);
  });

  test('holds a long fraction against a long exponent', () => {
    const zeros = '0'.repeat(123_440);
    expect(parse(`.${zeros}1e1234567`)).toBe(Infinity);
    expect(parse(`.${zeros}1e123441`)).toBe(1);
    expect(parse(`1${'0'.repeat(123_450)}e-1234567`)).toBe(0);
  });

  test.each(['', '.', '-', '+', 'e5', '.e5', '1e', '1e+', '1.2.3', '--1', '0x10', '1_000', ' 1', '1 ', '١', 'NaN'])(
    'fails on %j',
    (text) => {
      expect(parse(text)).toBeNaN();
    },
  );
});

describe('isNotFiniteWord', () => {
  const isWord = (text: string) => {
    const { bytes, start, end } = between(text, 'NaN');
    return isNotFiniteWord(bytes, start, end);
  };

  test.each(['NaN', 'Infinity', '+Infinity', '-Infinity'])('takes %s', (text) => {
    expect(isWord(text)).toBe(true);
  });

  test.each(['', 'nan', 'Na', 'NaNs', '+NaN', '-NaN', 'Inf', 'infinity', '++Infinity', ' NaN'])(
    'does not take %j',
    (text) => {
      expect(isWord(text)).toBe(false);
    },
  );
});
