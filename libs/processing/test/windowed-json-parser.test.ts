import { formatInstant, parseInstant } from '@pulselake/data-model';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newWindowedRow, readWindowedRecord, SeriesTable } from '../src/index.js';
import { jsonInstant, jsonNumber, jsonObject, jsonText } from './support/json-text.js';
import { readWindowedJson } from './support/readers.js';
import { objectOf, reasonOf, type RecordRules } from './support/record-oracle.js';

const NEEDED = ['componentName', 'metricName', 'unit', 'minValue', 'maxValue', 'fromTimestamp', 'toTimestamp'];
const RULES: RecordRules = {
  lengths: { componentName: 128, metricName: 128, unit: 32 },
  needed: NEEDED,
  numbers: ['minValue', 'maxValue', 'sumValue'],
  counts: ['sampleCount'],
  instants: ['fromTimestamp', 'toTimestamp'],
  known: [...NEEDED, 'sumValue', 'sampleCount'],
};

function oracle(line: string): unknown {
  const record = objectOf(line);
  const reason = reasonOf(record, RULES);
  if (reason !== undefined) return reason;
  const { fromTimestamp, toTimestamp, ...row } = Object.fromEntries(
    [...record!].filter(([field, value]) => RULES.known.includes(field) && value !== null && value !== ''),
  ) as { fromTimestamp: string; toTimestamp: string; minValue: number; maxValue: number };
  const fromMs = parseInstant(fromTimestamp)!;
  const toMs = parseInstant(toTimestamp)!;
  if (row.minValue > row.maxValue) return 'min-above-max';
  if (fromMs >= toMs) return 'empty-window';
  return { ...row, fromTimestamp: formatInstant(fromMs), toTimestamp: formatInstant(toMs) };
}

function parse(line: string): unknown {
  const { records, calls } = readWindowedJson([Buffer.from(line)]);
  expect(records).toBe(1);
  const [call] = calls;
  return call!.kind === 'rejected' ? call!.values.reason : call!.values;
}

const optional = (value: fc.Arbitrary<string>) => fc.oneof(value, fc.constantFrom('null', '""'));
const line = jsonObject({
  componentName: jsonText(128),
  metricName: jsonText(128),
  unit: jsonText(32),
  minValue: jsonNumber,
  maxValue: jsonNumber,
  fromTimestamp: jsonInstant,
  toTimestamp: jsonInstant,
  sumValue: optional(jsonNumber),
  sampleCount: optional(
    fc.constantFrom('1', '2.0', '1e1', '9007199254740991', '0', '1.5', '9007199254740992', '"1"', '1e999'),
  ),
});

describe('the parser of windows as JSON Lines', () => {
  test('makes of any record what JSON.parse and the rules make of it', () => {
    fc.assert(
      fc.property(line, (text) => {
        expect(parse(text)).toEqual(oracle(text));
      }),
      { numRuns: 6_000 },
    );
  });

  test('meets every reason, and rows that are taken, in this law', () => {
    const outcomes = fc.sample(line, { numRuns: 4_000, seed: 1 }).map((text) => oracle(text));
    const seen = new Set(outcomes.map((outcome) => (typeof outcome === 'string' ? outcome : 'taken')));
    expect([...seen].sort()).toEqual(
      [
        'malformed',
        'too-long',
        'missing-field',
        'wrong-type',
        'bad-timestamp',
        'not-finite',
        'min-above-max',
        'empty-window',
        'taken',
      ].sort(),
    );
    expect(outcomes.filter((outcome) => typeof outcome === 'object').length).toBeGreaterThan(100);
  });

  const record = {
    componentName: 'c',
    metricName: 'm',
    unit: 'u',
    minValue: 1,
    maxValue: 2,
    fromTimestamp: '2024-05-01T12:00:00Z',
    toTimestamp: '2024-05-01T12:05:00Z',
  };

  test('fails on an unpaired surrogate in every known field and in no other', () => {
    for (const field of RULES.known) expect(parse(JSON.stringify({ ...record, [field]: '\ud800' }))).toBe('malformed');
    for (const field of ['eventId', 'other']) {
      expect(parse(JSON.stringify({ ...record, [field]: '\ud800' }))).toMatchObject({ componentName: 'c' });
    }
  });

  test('fails on a time of JSON that is a number', () => {
    expect(parse(JSON.stringify({ ...record, toTimestamp: 1_714_564_800 }))).toBe('bad-timestamp');
  });
});

describe('the check of a record from Parquet', () => {
  const record = { componentName: 'c', metricName: 'm', unit: 'u', minValue: 1, maxValue: 2 };
  const check = (fromTimestamp: unknown, toTimestamp: unknown) => {
    const row = newWindowedRow();
    const fault = readWindowedRecord({ ...record, fromTimestamp, toTimestamp }, new SeriesTable(), row);
    return fault?.[0] ?? [row.fromMs, row.toMs];
  };

  test('takes times as dates and as texts', () => {
    expect(check(new Date(5), '1970-01-01T00:00:00.006999Z')).toEqual([5, 6]);
  });

  test.each([new Date(NaN), new Date('-000001-12-31T23:59:59.999Z'), new Date('+010000-01-01T00:00:00Z')])(
    'fails on the date %s, which is outside the years 0001 to 9999',
    (date) => {
      expect(check(new Date(0), date)).toBe('bad-timestamp');
      expect(check(date, new Date(0))).toBe('bad-timestamp');
    },
  );
});
