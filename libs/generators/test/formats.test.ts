import { parseInstant } from '@pulselake/data-model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rawRecord } from '../src/expected/raw-record.js';
import { formatJavaDouble, formatJavaInstant } from '../src/index.js';
import { formatLogTime } from '../src/records/format-log-time.js';

describe('formatJavaDouble', () => {
  it.each([
    [5, '5.0'],
    [0, '0.0'],
    [-0, '-0.0'],
    [-2.5, '-2.5'],
    [0.001, '0.001'],
    [0.00099, '9.9E-4'],
    [7.015970820911367e-4, '7.015970820911367E-4'],
    [9_999_999, '9999999.0'],
    [1e7, '1.0E7'],
    [6.574678775225128e15, '6.574678775225128E15'],
    [2e-323, '2.0E-323'],
    [1.7976931348623157e308, '1.7976931348623157E308'],
    [NaN, 'NaN'],
    [-Infinity, '-Infinity'],
  ])('writes %d as %s', (value, text) => {
    expect(formatJavaDouble(value)).toBe(text);
  });

  it('writes what reads back as the same number, in the form of the CSV rules', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = formatJavaDouble(value);
        expect(text).toMatch(/^-?\d+\.\d+(E-?\d+)?$/);
        expect(Number(text)).toBe(value);
      }),
    );
  });
});

describe('formatJavaInstant', () => {
  it('leaves out the fraction of whole seconds only', () => {
    expect(formatJavaInstant(0)).toBe('1970-01-01T00:00:00Z');
    expect(formatJavaInstant(1)).toBe('1970-01-01T00:00:00.001Z');
    expect(formatJavaInstant(1_500)).toBe('1970-01-01T00:00:01.500Z');
  });

  it('reads back as the same instant', () => {
    fc.assert(
      fc.property(fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 }), (epochMs) => {
        expect(parseInstant(formatJavaInstant(epochMs))).toBe(epochMs);
      }),
    );
  });
});

describe('formatLogTime', () => {
  it('writes the local time with its offset', () => {
    expect(formatLogTime(Date.UTC(2022, 9, 10, 13, 55, 36, 999), 0)).toBe('10/Oct/2022:13:55:36 +0000');
    expect(formatLogTime(Date.UTC(2024, 1, 29, 23, 30), 90)).toBe('01/Mar/2024:01:00:00 +0130');
    expect(formatLogTime(Date.UTC(2024, 0, 1), -330)).toBe('31/Dec/2023:18:30:00 -0530');
  });
});

describe('rawRecord', () => {
  it('keeps up to 8,192 bytes', () => {
    expect(rawRecord('x'.repeat(8192))).toEqual({ raw: 'x'.repeat(8192) });
    expect(rawRecord(Buffer.alloc(8192, 0xe9))).toEqual({ rawBase64: Buffer.alloc(8192, 0xe9).toString('base64') });
  });

  it('cuts a longer text before the character that would not fit', () => {
    expect(rawRecord('x'.repeat(8193))).toEqual({ raw: 'x'.repeat(8192), truncated: true });
    expect(rawRecord(`x${'\u{1F680}'.repeat(2048)}`)).toEqual({ raw: `x${'\u{1F680}'.repeat(2047)}`, truncated: true });
    expect(rawRecord(`${'ö'.repeat(4096)}ö`)).toEqual({ raw: 'ö'.repeat(4096), truncated: true });
  });

  it('cuts longer bytes to 8,192', () => {
    const { rawBase64, truncated } = rawRecord(Buffer.alloc(9000, 0xe9));
    expect(Buffer.from(rawBase64!, 'base64')).toHaveLength(8192);
    expect(truncated).toBe(true);
  });
});
