import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareExpected, DuckDbQueryEngine, type Lake, LakeError } from '../src/index.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openLake } from './support/lakes.js';
import { fillSmallLake } from './support/small-lake.js';
import { keptFolder } from './support/temporary-folder.js';

const folder = keptFolder();
const expected = join(folder.path, 'expected');
let lake: Lake;
let engine: DuckDbQueryEngine;

const window = { metricName: 'latency', unit: 'ms', minValue: 1, maxValue: 4, sumValue: 10, sampleCount: 4 };
const span = { fromTimestamp: '2024-03-01T00:00:00.000Z', toTimestamp: '2024-03-01T00:05:00.000Z' };
const WINDOWS = [
  { componentName: 'cart', ...window, ...span, source: 'batch' },
  { componentName: 'cart', ...window, sumValue: 15, sampleCount: 5, ...span, source: 'stream' },
  {
    ...{ componentName: 'cart', metricName: 'latency', unit: 'ms', minValue: 2, maxValue: 3, source: 'batch' },
    ...{ fromTimestamp: '2024-03-02T00:00:00.000Z', toTimestamp: '2024-03-02T00:05:00.000Z' },
  },
  {
    ...{ componentName: 'orders', ...window, metricName: 'errors', unit: 'count', source: 'batch' },
    ...{ fromTimestamp: '2024-03-01T00:05:00.000Z', toTimestamp: '2024-03-01T00:10:00.000Z' },
  },
];
const REPORTS = [
  { source: 'cart', target: 'orders', reportDate: '2024-03-01', totalRequests: 10, failedRequests: 2 },
  { source: 'orders', target: 'stock', reportDate: '2024-03-02', totalRequests: 2, failedRequests: 1 },
];
const REJECTED = [
  ...[1, 2, 3].map((line) => ({ stage: 'metrics-etl', reason: 'malformed', raw: `torn ${line}` })),
  ...[1, 2].map((line) => ({ stage: 'traffic-report', reason: 'unparsed-line', raw: `?${line}` })),
];
const counts = { duplicate: 0, external: 0, outOfRange: 0, rejected: 0 };
const STAGES = {
  'metrics-etl': { ...counts, read: 6, accepted: 3, rejected: 3, rejectedByReason: { malformed: 3 } },
  'stream-windows': { ...counts, read: 5, accepted: 5, rejectedByReason: {} },
  'traffic-report': {
    ...counts,
    read: 19,
    accepted: 12,
    external: 5,
    rejected: 2,
    rejectedByReason: { 'unparsed-line': 2 },
  },
};

beforeAll(async () => {
  lake = await openLake(join(folder.path, 'lake'));
  await fillSmallLake(lake);
  engine = await DuckDbQueryEngine.open(lake.root);
});
afterAll(async () => {
  await engine.close();
  folder.remove();
});

function writeLines(name: string, rows: readonly object[]): void {
  writeFileSync(join(expected, name), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
}

beforeEach(() => {
  rmSync(expected, { recursive: true, force: true });
  mkdirSync(expected);
  writeLines('windowed_metrics.jsonl', WINDOWS);
  writeLines('traffic_reports.jsonl', REPORTS);
  writeLines('rejected_records.jsonl', REJECTED);
  writeFileSync(join(expected, 'manifest.json'), JSON.stringify({ stages: STAGES }));
});

const compare = () => compareExpected(lake, engine, expected);
const FILES = [
  ['windowed_metrics.jsonl', WINDOWS],
  ['traffic_reports.jsonl', REPORTS],
  ['rejected_records.jsonl', REJECTED],
] as const;

describe('compareExpected', () => {
  it('finds no difference where there is none', async () => {
    expect(await compare()).toEqual({ windows: 4, reportRows: 2, rejected: 5, differences: 0, problems: [] });
  });

  it.each(FILES)('finds each row that %s lacks', async (name, rows) => {
    for (const [index] of (rows as readonly object[]).entries()) {
      writeLines(name, (rows as readonly object[]).toSpliced(index, 1));
      const { differences, problems } = await compare();
      expect(differences).toBe(1);
      expect(problems[0]!.message).toMatch(/ is in the lake, but not expected\.$/);
    }
  });

  it.each(FILES)('finds a row that %s has besides', async (name, rows) => {
    writeLines(name, [...rows, { ...rows[0], source: 'other', stage: 'redrive' }]);
    const { differences, problems } = await compare();
    expect(differences).toBe(1);
    expect(problems[0]!.message).toMatch(/ is expected, but not in the lake\.$/);
  });

  it.each([
    ['traffic_reports.jsonl', REPORTS],
    ['rejected_records.jsonl', REJECTED],
    ['windowed_metrics.jsonl', WINDOWS],
  ] as const)('finds a row that %s has twice', async (name, rows) => {
    writeLines(name, [...rows, ...rows.slice(0, 1)]);
    expect((await compare()).differences).toBe(1);
  });

  it.each([
    ['minValue', 1.0000000001, /minimum 1, expected 1\.0000000001/],
    ['maxValue', 5, /maximum 4, expected 5/],
    ['sampleCount', 5, /count 4, expected 5/],
    ['sampleCount', undefined, /count 4, expected none/],
    ['sumValue', 10.0001, /sum 10, expected 10\.0001/],
    ['sumValue', undefined, /sum 10, expected none/],
  ])('finds another %s of a window: %s', async (field, value, message) => {
    writeLines('windowed_metrics.jsonl', [{ ...WINDOWS[0], [field]: value }, ...WINDOWS.slice(1)]);
    const { differences, problems } = await compare();
    expect(differences).toBe(1);
    expect(problems[0]!.message).toMatch(message);
  });

  it('finds a sum that is expected where the lake has none', async () => {
    const withSum = { ...WINDOWS[2], sumValue: 5, sampleCount: 2 };
    writeLines('windowed_metrics.jsonl', [...WINDOWS.slice(0, 2), withSum, ...WINDOWS.slice(3)]);
    expect((await compare()).problems[0]!.message).toMatch(/count null, expected 2; sum null, expected 5/);
  });

  it.each(['componentName', 'metricName', 'unit', 'fromTimestamp', 'toTimestamp', 'source'])(
    'finds another %s of a window from both sides',
    async (field) => {
      writeLines('windowed_metrics.jsonl', [{ ...WINDOWS[0], [field]: 'other' }, ...WINDOWS.slice(1)]);
      expect((await compare()).differences).toBe(2);
    },
  );

  it.each([
    ['traffic_reports.jsonl', 'totalRequests', REPORTS],
    ['traffic_reports.jsonl', 'failedRequests', REPORTS],
    ['traffic_reports.jsonl', 'reportDate', REPORTS],
    ['traffic_reports.jsonl', 'target', REPORTS],
    ['rejected_records.jsonl', 'raw', REJECTED],
    ['rejected_records.jsonl', 'rawBase64', REJECTED],
    ['rejected_records.jsonl', 'truncated', REJECTED],
    ['rejected_records.jsonl', 'reason', REJECTED],
    ['rejected_records.jsonl', 'stage', REJECTED],
  ] as const)('finds in %s another %s from both sides', async (name, field, rows) => {
    writeLines(name, [{ ...rows[0], [field]: 77 }, ...rows.slice(1)]);
    expect((await compare()).differences).toBe(2);
  });

  it.each([9.9999999901, 10.0000000099])('takes sums within 1e-9 for the same: %d', async (sumValue) => {
    writeLines('windowed_metrics.jsonl', [{ ...WINDOWS[0], sumValue }, ...WINDOWS.slice(1)]);
    expect((await compare()).differences).toBe(0);
  });

  it.each([9.99999998, 10.00000002])('fails to take sums further apart for the same: %d', async (sumValue) => {
    writeLines('windowed_metrics.jsonl', [{ ...WINDOWS[0], sumValue }, ...WINDOWS.slice(1)]);
    expect((await compare()).differences).toBe(1);
  });

  it('leaves late records aside, whether expected or not', async () => {
    writeLines('rejected_records.jsonl', [...REJECTED, { stage: 'stream-windows', reason: 'late', raw: '{}' }]);
    expect(await compare()).toMatchObject({ differences: 0, rejected: 5 });
  });

  it.each(['read', 'accepted', 'duplicate', 'external', 'outOfRange', 'rejected'] as const)(
    'finds another count of a stage: %s',
    async (count) => {
      const stages = { ...STAGES, 'metrics-etl': { ...STAGES['metrics-etl'], [count]: 8 } };
      writeFileSync(join(expected, 'manifest.json'), JSON.stringify({ stages }));
      const { differences, problems } = await compare();
      expect(differences).toBeGreaterThan(0);
      expect(problems[0]!.subject).toContain('metrics-etl');
    },
  );

  it('counts every difference and keeps the first hundred', async () => {
    writeLines('windowed_metrics.jsonl', [
      ...WINDOWS,
      ...Array.from({ length: 150 }, (_, index) => ({ ...WINDOWS[0], componentName: `other-${index}` })),
    ]);
    const { differences, problems } = await compare();
    expect(differences).toBe(150);
    expect(problems).toHaveLength(100);
  });

  it.each(['windowed_metrics.jsonl', 'traffic_reports.jsonl', 'rejected_records.jsonl', 'manifest.json'])(
    'fails when %s is missing',
    async (name) => {
      rmSync(join(expected, name));
      await expect(compare()).rejects.toBeInstanceOf(LakeError);
      await expect(compare()).rejects.toThrow(`${join(expected, name)}: is missing.`);
    },
  );

  it.each(['windowed_metrics.jsonl', 'manifest.json'])('fails when %s is torn', async (name) => {
    writeFileSync(join(expected, name), readFileSync(join(expected, name), 'utf8').slice(0, -5));
    await expect(compare()).rejects.toBeInstanceOf(LakeError);
  });
});
