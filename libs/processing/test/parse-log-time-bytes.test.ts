import { parseInstant } from '@pulselake/data-model';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseLogTimeBytes } from '../src/logs/parse-log-time-bytes.js';
import { between } from './support/between.js';
import { timeOf } from './support/log-oracle.js';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (value: number) => String(value).padStart(2, '0');

function parse(text: string, neighbour = '0'): number {
  const { bytes, start, end } = between(text, neighbour);
  return parseLogTimeBytes(bytes, start, end);
}

const oracle = (text: string) => timeOf(text) ?? NaN;

const logTime = fc
  .record({
    day: fc.oneof(fc.integer({ min: 1, max: 28 }), fc.nat(99)),
    month: fc.constantFrom(...MONTHS, 'jan', 'Mai', 'Jna'),
    year: fc.oneof(fc.constantFrom(0, 1, 9999, 2024), fc.nat(9999)),
    hour: fc.oneof(fc.nat(23), fc.nat(99)),
    minute: fc.oneof(fc.nat(59), fc.nat(99)),
    second: fc.oneof(fc.nat(59), fc.nat(99)),
    sign: fc.constantFrom('+', '-'),
    hours: fc.oneof(fc.nat(23), fc.nat(99)),
    minutes: fc.oneof(fc.nat(59), fc.nat(99)),
  })
  .map(
    (t) =>
      `${two(t.day)}/${t.month}/${String(t.year).padStart(4, '0')}:${two(t.hour)}:${two(t.minute)}:${two(t.second)} ${t.sign}${two(t.hours)}${two(t.minutes)}`,
  );

describe('parseLogTimeBytes', () => {
  test('reads the time of a common log as the rule says', () => {
    fc.assert(
      fc.property(logTime, (text) => {
        expect(parse(text)).toBe(oracle(text));
      }),
      { numRuns: 20_000 },
    );
  });

  test('agrees with the rule on damaged times, whatever stands beside them', () => {
    const edit = fc.tuple(fc.nat(27), fc.nat(2), fc.constantFrom('', '/', ':', ' ', '0', '9', 'Z', '-', '+'));
    fc.assert(
      fc.property(logTime, edit, fc.constantFrom('0', '/', ']'), (text, [at, cut, piece], neighbour) => {
        const damaged = text.slice(0, at) + piece + text.slice(at + cut);
        expect(parse(damaged, neighbour)).toBe(oracle(damaged));
      }),
      { numRuns: 20_000 },
    );
  });

  test.each([
    ['10/Oct/2022:13:55:36 +0000', '2022-10-10T13:55:36Z'],
    ['10/Oct/2022:13:55:36 -0700', '2022-10-10T20:55:36Z'],
    ['01/Jan/2023:00:30:00 +0545', '2022-12-31T18:45:00Z'],
    ['29/Feb/2024:23:59:59 -2359', '2024-03-01T23:58:59Z'],
    ['2022-09-15T13:43:01.480Z', '2022-09-15T13:43:01.480Z'],
  ])('reads %s as %s', (text, instant) => {
    expect(parse(text)).toBe(parseInstant(instant));
  });

  test.each([
    '31/Dec/9999:23:30:00 -0100',
    '01/Jan/0001:00:30:00 +0100',
    '30/Feb/2024:00:00:00 +0000',
    '10/Oct/2022:13:55:36 0000',
    '10/Oct/2022:13:55:36 +2400',
    '10/Oct/2022:13:55:36 +0060',
    '10/Okt/2022:13:55:36 +0000',
    '10/Oct/2022:24:00:00 +0000',
    '10/Oct/2022:13:55:36',
    '',
    't',
  ])('fails on %j', (text) => {
    expect(parse(text)).toBeNaN();
  });
});
