import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatInstant, InstantSchema, parseInstant, UtcDaySchema, utcDay } from '../src/index.js';

const YEAR_1 = -62_135_596_800_000;
const YEAR_9999_END = 253_402_300_799_999;
const epochMs = fc.integer({ min: YEAR_1, max: YEAR_9999_END });

describe('parseInstant', () => {
  test('reads back what formatInstant writes', () => {
    fc.assert(
      fc.property(epochMs, (ms) => {
        expect(parseInstant(formatInstant(ms))).toBe(ms);
      }),
    );
  });

  test('cuts to the millisecond, never rounds, before 1970 too', () => {
    fc.assert(
      fc.property(epochMs, fc.stringMatching(/^[0-9]{1,6}$/), (ms, digits) => {
        expect(parseInstant(`${formatInstant(ms).slice(0, -1)}${digits}Z`)).toBe(ms);
      }),
    );
  });

  test.each([
    ['2024-02-29T23:59:59Z', 1_709_251_199_000],
    ['1969-12-31T23:59:59.9999Z', -1],
    ['0001-01-01T00:00:00Z', YEAR_1],
    ['9999-12-31T23:59:59.999999999Z', YEAR_9999_END],
  ])('reads %s', (text, ms) => {
    expect(parseInstant(text)).toBe(ms);
  });

  test.each([
    '0000-01-01T00:00:00Z',
    '2023-02-29T00:00:00Z',
    '2024-01-01T24:00:00Z',
    '2016-12-31T23:59:60Z',
    '2024-01-01',
    '',
  ])('fails on %j', (text) => {
    expect(parseInstant(text)).toBeUndefined();
    expect(InstantSchema.safeParse(text).success).toBe(false);
  });
});

describe('formatInstant', () => {
  test.each([253_402_300_800_000, -62_167_219_200_001, NaN])('fails on %d', (ms) => {
    expect(() => formatInstant(ms)).toThrow(RangeError);
  });
});

describe('utcDay', () => {
  test('is the day in UTC', () => {
    expect(utcDay(1_709_251_199_999)).toBe('2024-02-29');
    expect(utcDay(1_709_251_200_000)).toBe('2024-03-01');
  });

  test('gives days that UtcDaySchema takes', () => {
    fc.assert(fc.property(epochMs, (ms) => UtcDaySchema.safeParse(utcDay(ms)).success));
  });

  test.each(['2023-02-29', '2024-1-1', '20240101', ''])('fails on the day %j', (day) => {
    expect(UtcDaySchema.safeParse(day).success).toBe(false);
  });
});
