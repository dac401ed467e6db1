import { parseInstant } from '@pulselake/data-model';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { daysFromCivil, isCivilDay, parseInstantBytes } from '../src/bytes/parse-instant-bytes.js';
import { between } from './support/between.js';

const DAY_MS = 86_400_000;
const two = (value: number) => String(value).padStart(2, '0');

function parse(text: string, neighbour = '5'): number {
  const { bytes, start, end } = between(text, neighbour);
  return parseInstantBytes(bytes, start, end);
}

const oracle = (text: string) => parseInstant(text) ?? NaN;

/** A text of the right form, its numbers anything that two digits hold. */
const shaped = fc
  .record({
    year: fc.oneof(fc.constantFrom(0, 1, 1900, 2000, 2023, 2024, 9999), fc.nat(9999)),
    month: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.nat(99)),
    day: fc.oneof(fc.integer({ min: 1, max: 28 }), fc.integer({ min: 28, max: 32 }), fc.nat(99)),
    hour: fc.oneof(fc.nat(23), fc.nat(99)),
    minute: fc.oneof(fc.nat(59), fc.nat(99)),
    second: fc.oneof(fc.nat(60), fc.nat(99)),
    fraction: fc.oneof(
      fc.constant(''),
      fc.string({ unit: fc.constantFrom(...Array.from('0123456789')), maxLength: 11 }).map((f) => `.${f}`),
    ),
  })
  .map(
    ({ year, month, day, hour, minute, second, fraction }) =>
      `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}${fraction}Z`,
  );

const mutated = fc
  .tuple(
    shaped,
    fc.array(
      fc.tuple(fc.nat(31), fc.nat(2), fc.constantFrom('', 'z', 'Z', 't', ' ', '0', '9', '-', '+', ':', '.', ',', '٣')),
    ),
  )
  .map(([text, edits]) =>
    edits.slice(0, 2).reduce((edited, [at, cut, piece]) => edited.slice(0, at) + piece + edited.slice(at + cut), text),
  );

describe('parseInstantBytes', () => {
  test('reads what the data model reads', () => {
    fc.assert(
      fc.property(shaped, (text) => {
        expect(parse(text)).toBe(oracle(text));
      }),
      { numRuns: 20_000 },
    );
  });

  test('agrees with the data model on damaged texts', () => {
    fc.assert(
      fc.property(mutated, fc.constantFrom('5', 'Z', '-'), (text, neighbour) => {
        expect(parse(text, neighbour)).toBe(oracle(text));
      }),

      { numRuns: 20_000 },
    );
  });

  test('reads every instant of the years 0001 to 9999, whatever day was read before it', () => {
    const instant = fc.date({
      min: new Date('0001-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(instant, (date) => {
        expect(parse(date.toISOString())).toBe(date.getTime());
      }),
      { numRuns: 5_000 },
    );
  });

  test.each([
    ['2024-03-01T00:00:00Z', '2024-02-33T00:00:00Z'],
    ['2024-03-05T00:00:00Z', '2023-19-05T00:00:00Z'],
    ['2024-01-01T00:00:00Z', '2023-12-97T00:00:00Z'],
  ])('fails on a day that does not exist after %s was read', (read, absent) => {
    parse(read);
    expect(parse(absent)).toBeNaN();
  });

  test('fails on every pair of month and day that does not exist, whichever day was read before', () => {
    for (let month = 0; month <= 99; month++) {
      for (let day = 0; day <= 99; day++) {
        parse(`2024-${two(((month + 11) % 12) + 1)}-${two((day % 28) + 1)}T00:00:00Z`);
        const text = `2023-${two(month)}-${two(day)}T00:00:00Z`;
        if (parse(text) !== oracle(text) && !(Number.isNaN(parse(text)) && Number.isNaN(oracle(text)))) {
          expect.fail(`${text} is read as ${parse(text)}`);
        }
      }
    }
  });

  test.each([
    ['1969-12-31T23:59:59.9999Z', -1],
    ['1970-01-01T00:00:00.000999999Z', 0],
    ['0001-01-01T00:00:00Z', -62_135_596_800_000],
    ['2020-01-01T11:32:54.0019Z', 1_577_878_374_001],
  ])('cuts %s to the millisecond %d', (text, millis) => {
    expect(parse(text)).toBe(millis);
  });
});

describe('daysFromCivil', () => {
  test('counts the days as the platform does, in every year from 0001 to 9999', () => {
    fc.assert(
      fc.property(fc.integer({ min: -719_162, max: 2_932_896 }), (days) => {
        const date = new Date(days * DAY_MS);
        const civil = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()] as const;
        expect(daysFromCivil(...civil)).toBe(days);
        expect(isCivilDay(...civil)).toBe(true);
      }),
      { numRuns: 10_000 },
    );
  });

  test.each([
    [1900, 2, 29],
    [2023, 2, 29],
    [2024, 2, 30],
    [2024, 4, 31],
    [2024, 13, 1],
    [2024, 0, 1],
    [2024, 1, 0],
    [0, 1, 1],
    [10_000, 1, 1],
  ])('fails on the day %d-%d-%d', (year, month, day) => {
    expect(isCivilDay(year, month, day)).toBe(false);
  });
});
