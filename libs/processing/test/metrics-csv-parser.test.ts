import { formatInstant, parseInstant } from '@pulselake/data-model';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CsvFields } from '../src/csv/csv-fields.js';
import { CsvHeaderError } from '../src/index.js';
import { between } from './support/between.js';
import { csvRowOf, type CsvRules, fieldsOf } from './support/csv-oracle.js';
import { readCsv } from './support/readers.js';

const WINDOWS = ['componentName', 'fromTimestamp', 'maxValue', 'metricName', 'minValue', 'toTimestamp', 'unit'];
const EVENTS = ['componentName', 'metricName', 'unit', 'value', 'publicationTimestamp'];
const WINDOW_RULES: CsvRules = {
  needed: WINDOWS,
  numbers: ['minValue', 'maxValue', 'sumValue'],
  instants: ['fromTimestamp', 'toTimestamp'],
  lengths: { componentName: 128, metricName: 128, unit: 32 },
};
const EVENT_RULES: CsvRules = {
  needed: EVENTS,
  numbers: ['value'],
  instants: ['publicationTimestamp'],
  lengths: { componentName: 128, metricName: 128, unit: 32, eventId: 64 },
};

const NAMES = [
  'cart',
  'é',
  '😀',
  'a b',
  ' x ',
  'a"b',
  '"a,b"',
  '"a""b"',
  '""""',
  'x'.repeat(32),
  '😀'.repeat(32),
  '"' + 'é'.repeat(64) + '"',
];
const LONG = ['x'.repeat(129), '😀'.repeat(129), `"${'x'.repeat(33)}"`, '"' + '""'.repeat(128) + '"'];
const TORN = ['"a', '"a"b', '"', '"""', 'a,b', '"a" ', '', '""', ' '];
const NUMBERS = ['0', '-0', '1', '2.5', '+1', '1.', '.5', '7.0E-4', '1e3', '017', '"1"', '9007199254740993', '1e308'];
const ODD = ['NaN', 'Infinity', '-Infinity', '1e999', 'nan', '1,5', 'x', '1e', '--1', '0x1', ' 1', '٣'];
const INSTANTS = [
  '2024-05-01T12:00:00Z',
  '2024-05-01T12:00:00.0009Z',
  '2024-05-01T12:05:00Z',
  '"2024-05-01T12:10:00Z"',
  '1969-12-31T23:59:59.9Z',
];
const COUNTS = ['1', '10.0', '1e1', '9007199254740991', '', '0', '-1', '1.5', '9007199254740992', 'NaN', '1e999'];

const oneOf = (good: readonly string[], bad: readonly string[]) =>
  fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...good) }, { weight: 1, arbitrary: fc.constantFrom(...bad) });
const name = fc.oneof(
  { weight: 30, arbitrary: oneOf(NAMES, TORN) },
  { weight: 1, arbitrary: fc.constantFrom(...LONG) },
);
const number = fc.oneof(
  { weight: 1, arbitrary: fc.double().map(String) },
  { weight: 2, arbitrary: oneOf(NUMBERS, [...ODD, ...TORN]) },
);
const instant = oneOf(INSTANTS, ['2024-02-30T00:00:00Z', '2024-05-01', ...TORN]);
const FIELDS: Readonly<Record<string, fc.Arbitrary<string>>> = {
  componentName: name,
  metricName: name,
  unit: name,
  minValue: number,
  maxValue: number,
  sumValue: fc.oneof(number, fc.constant('')),
  sampleCount: fc.constantFrom(...COUNTS),
  value: number,
  fromTimestamp: instant,
  toTimestamp: instant,
  publicationTimestamp: instant,
  eventId: fc.oneof(name, fc.constantFrom('', 'y'.repeat(64), 'y'.repeat(65))),
  other: name,
};

/** A header in any order, with or without the optional columns, and lines of such fields. */
function csvOf(needed: readonly string[], optional: readonly string[]) {
  return fc
    .tuple(fc.subarray([...optional, 'other']), fc.constant(needed))
    .chain(([others]) => fc.shuffledSubarray([...needed, ...others], { minLength: needed.length + others.length }))
    .chain((header) => {
      const fields = fc.tuple(...header.map((column) => FIELDS[column]!)).map((texts) => texts.join(','));
      return fc.tuple(fc.constant(header), fc.array(fields, { minLength: 1, maxLength: 4 }));
    });
}

function read(header: readonly string[], lines: readonly string[]): unknown[] {
  const { calls } = readCsv([Buffer.from([header.join(','), ...lines].join('\n'))]);
  return calls.map(({ kind, line, values }) => ({
    line,
    ...(kind === 'rejected' ? { reason: values.reason } : { ...values, idHash: undefined }),
  }));
}

function expected(header: readonly string[], lines: readonly string[], rules: CsvRules): unknown[] {
  return lines.map((text, index) => {
    const row = csvRowOf(header, text, rules);
    if (typeof row === 'string') return { line: index + 2, reason: row };
    const texts = Object.entries(row).filter(([column, value]) => column !== 'other' && value !== '');
    const values = texts.map(([column, value]) => {
      if (rules.numbers.includes(column) || column === 'sampleCount') return [column, Number(value)];
      return [column, rules.instants.includes(column) ? formatInstant(parseInstant(value)!) : value];
    });
    return { line: index + 2, ...(Object.fromEntries(values) as object) };
  });
}

describe('the CSV parser', () => {
  test('makes of rows of windows what the rules make of them', () => {
    fc.assert(
      fc.property(csvOf(WINDOWS, ['sumValue', 'sampleCount']), ([header, lines]) => {
        const told = lines.filter((line) => line !== '');
        expect(read(header, told)).toEqual(expected(header, told, WINDOW_RULES));
      }),
      { numRuns: 6_000 },
    );
  });

  test('makes of rows of plain events what the rules make of them', () => {
    fc.assert(
      fc.property(csvOf(EVENTS, ['eventId']), ([header, lines]) => {
        expect(read(header, lines)).toEqual(expected(header, lines, EVENT_RULES));
      }),
      { numRuns: 6_000 },
    );
  });

  test('meets every reason, and rows that are taken, in these laws', () => {
    const outcomes = fc
      .sample(csvOf(WINDOWS, ['sumValue', 'sampleCount']), { numRuns: 3_000, seed: 1 })
      .flatMap(([header, lines]) => lines.map((line) => csvRowOf(header, line, WINDOW_RULES)));
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
    expect(outcomes.filter((outcome) => typeof outcome === 'object').length).toBeGreaterThan(300);
  });

  test('finds a needed column wherever it stands, behind thousands of others too', () => {
    const others = Array.from({ length: 3_000 }, (_, index) => `other${index}`);
    const header = [...others, ...EVENTS];
    const line = [...others.map(() => ''), 'c', 'm', 'u', '1', '2024-05-01T12:00:00Z'].join(',');
    expect(read(header, [line])).toEqual([
      {
        line: 2,
        componentName: 'c',
        metricName: 'm',
        unit: 'u',
        value: 1,
        publicationTimestamp: '2024-05-01T12:00:00.000Z',
      },
    ]);
  });

  const failing: readonly (readonly [string, string, readonly string[]])[] = [
    ['lacks a needed column', WINDOWS.slice(1).join(','), ['componentName']],
    ['lacks a column of events', EVENTS.slice(1).join(','), ['componentName']],
    ['names a needed column twice', [...WINDOWS, 'unit'].join(','), ['unit']],
    ['has a torn quote', `"${WINDOWS.join(',')}`, []],
    ['is of other data', 'id,name', WINDOWS],
  ];
  test.each(failing)('fails the input whole when the header %s', (_, header, columns) => {
    const error = catchError(() => readCsv([Buffer.from(`${header}\n1,2\n`)]));
    expect(error).toBeInstanceOf(CsvHeaderError);
    expect((error as CsvHeaderError).columns).toEqual(columns);
    expect((error as CsvHeaderError).message).toMatch(/\.$/);
  });

  test('fails the input whole when the header is longer than a record may be, wherever it is cut', () => {
    const bytes = Buffer.from(`${WINDOWS.join(',')},${'x'.repeat(20_000)}\n1\n`);
    for (const at of [0, 10, 100, 9_000, bytes.length]) {
      const error = catchError(() => readCsv([bytes.subarray(0, at), bytes.subarray(at)], { maxRecordBytes: 100 }));
      expect(error).toBeInstanceOf(CsvHeaderError);
      expect((error as CsvHeaderError).message).toBe('The header is too long: it has 20074 bytes.');
    }
  });
});

describe('the fields of a line', () => {
  test('are those that an expression over the whole line finds', () => {
    const text = fc.string({ unit: fc.constantFrom(',', '"', '""', 'a', 'é', ' ', ',"', '",'), maxLength: 16 });
    fc.assert(
      fc.property(text, fc.constantFrom(',', '"', '"\n', 'a'), (line, neighbour) => {
        const { bytes, start, end } = between(line, neighbour);
        const fields = new CsvFields(64);
        const fault = fields.cut(bytes, start, end);
        const found = Array.from({ length: fields.count }, (_, index) => fields.text(index));
        expect(fault === undefined ? found : undefined).toEqual(fieldsOf(line));
      }),
      { numRuns: 20_000 },
    );
  });

  test('beyond those that are kept are only counted', () => {
    const fields = new CsvFields(2);
    for (const line of ['a,b,c,d', '"a",b,c,d', 'a,b,"c",d']) {
      expect(fields.cut(Buffer.from(line), 0, line.length)).toBeUndefined();
      expect([fields.count, fields.text(0), fields.text(1)]).toEqual([4, 'a', 'b']);
    }
  });
});

function catchError(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
}
