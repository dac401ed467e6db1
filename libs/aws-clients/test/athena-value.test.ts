import { describe, expect, it } from 'vitest';
import { athenaValue } from '../src/athena/athena-value.js';
import { queryCost } from '../src/index.js';

describe('a value of a column', () => {
  it.each([
    ['boolean', 'true', true],
    ['boolean', 'false', false],
    ['tinyint', '-1', -1],
    ['integer', '2147483647', 2147483647],
    ['bigint', '9007199254740991', 9007199254740991],
    ['bigint', '9007199254740993', '9007199254740993'],
    ['bigint', '-9223372036854775808', '-9223372036854775808'],
    ['double', '1.0E7', 1e7],
    ['double', 'NaN', Number.NaN],
    ['double', '-Infinity', Number.NEGATIVE_INFINITY],
    ['float', '1.5', 1.5],
    ['decimal', '1.10', 1.1],
    ['decimal', '-0.00', -0],
    ['decimal', '12345678901234567.89', '12345678901234567.89'],
    ['decimal', '0.000000000000001', 1e-15],
    ['varchar', '', ''],
    ['varchar', 'null', 'null'],
    ['char', 'a ', 'a '],
    ['date', '2024-02-29', '2024-02-29'],
    ['time', '12:00:00.000', '12:00:00.000'],
    ['timestamp', '2024-02-29 12:00:00.123', '2024-02-29T12:00:00.123Z'],
    ['timestamp', '2024-02-29 12:00:00.123456', '2024-02-29T12:00:00.123456Z'],
    ['timestamp', '2024-02-29 12:00:00.123000', '2024-02-29T12:00:00.123Z'],
    ['timestamp', '2024-02-29 12:00:00', '2024-02-29T12:00:00.000Z'],
    ['timestamp', '0001-01-01 00:00:00.000', '0001-01-01T00:00:00.000Z'],
    ['timestamp', 'next Tuesday', 'next Tuesday'],
    ['timestamp with time zone', '2024-02-29 12:00:00.000 UTC', '2024-02-29T12:00:00.000Z'],
    ['timestamp with time zone', '2024-02-29 12:00:00.000 +05:30', '2024-02-29T06:30:00.000Z'],
    ['timestamp with time zone', '2024-02-29 12:00:00.000 -01:00', '2024-02-29T13:00:00.000Z'],
    ['timestamp with time zone', '2024-07-01 12:00:00.000 Europe/Berlin', '2024-07-01T10:00:00.000Z'],
    ['timestamp with time zone', '2024-03-31 03:30:00.000 Europe/Berlin', '2024-03-31T01:30:00.000Z'],
    ['timestamp with time zone', '2024-03-31 01:30:00.000 Europe/Berlin', '2024-03-31T00:30:00.000Z'],
    ['timestamp with time zone', '2024-03-10 03:30:00.000 America/New_York', '2024-03-10T07:30:00.000Z'],
    ['timestamp with time zone', '2024-02-29 12:00:00.000 Nowhere/Land', '2024-02-29 12:00:00.000 Nowhere/Land'],
    ['varbinary', '48 65 6c', 'SGVs'],
    ['varbinary', '', ''],
    ['array', '[a, b]', '[a, b]'],
    ['map', '{k=v}', '{k=v}'],
    ['row', '{read=1}', '{read=1}'],
    ['json', '{"a":1}', '{"a":1}'],
  ])('%s %s', (type, text, expected) => {
    expect(athenaValue(text, type)).toEqual(expected);
  });

  it.each(['boolean', 'bigint', 'double', 'decimal', 'varchar', 'timestamp', 'array'])('NULL of %s is null', (type) => {
    expect(athenaValue(undefined, type)).toBeNull();
  });
});

describe('the price', () => {
  const PER_MB = 5 / 1024 ** 2;
  it.each([
    [0, 10 * PER_MB],
    [10 * 1024 ** 2, 10 * PER_MB],
    [10 * 1024 ** 2 + 1, 11 * PER_MB],
    [1024 ** 4, 5],
  ])('of %i bytes', (bytes, expected) => {
    expect(queryCost(bytes)).toBeCloseTo(expected, 12);
  });
});
