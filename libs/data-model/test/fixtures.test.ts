import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { REJECT_REASONS } from '../src/index.js';
import { caseSchema, type Reader, resultSchema, type Topic, TOPICS } from './support/fixture-schemas.js';

const ROOT = join(import.meta.dirname, '../fixtures');

interface Result {
  read?: number;
  accepted?: number;
  duplicate?: number;
  external?: number;
  outOfRange?: number;
  rejected?: { line: number; reason: string; raw?: string }[];
  rows?: unknown[];
  events?: unknown[];
  windows?: (object & { sampleCount: number })[];
  counts?: { kind: string; totalRequests: number }[];
  failed?: string;
}

const foldersIn = (folder: string) =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

const read = (...path: string[]) => readFileSync(join(ROOT, ...path));
const parse = (...path: string[]): unknown => JSON.parse(read(...path).toString('utf8'));
const cases = TOPICS.flatMap((topic) => foldersIn(join(ROOT, topic)).map((name) => [topic, name] as const));

const readerOf = (topic: Topic, name: string): Reader =>
  topic === 'rejects' ? (parse(topic, name, 'case.json') as { options: { reader: Reader } }).options.reader : topic;

describe('golden fixtures', () => {
  test('have the six topics and no other', () => {
    expect(foldersIn(ROOT).sort()).toEqual([...TOPICS].sort());
  });

  test.each([
    ['metrics-csv', 20],
    ['metrics-jsonl', 5],
    ['metric-events', 10],
    ['windows', 15],
    ['access-logs', 20],
    ['rejects', 10],
  ] as const)('have cases of %s', (topic, least) => {
    expect(foldersIn(join(ROOT, topic)).length).toBeGreaterThanOrEqual(least);
  });

  test('show every reason', () => {
    const reasons = cases.flatMap(([topic, name]) =>
      ((parse(topic, name, 'expected.json') as Result).rejected ?? []).map(({ reason }) => reason),
    );
    expect([...new Set(reasons)].sort()).toEqual([...REJECT_REASONS].sort());
  });

  test('are described each in its own words', () => {
    const descriptions = cases.map(
      ([topic, name]) => (parse(topic, name, 'case.json') as { description: string }).description,
    );
    expect(new Set(descriptions).size).toBe(cases.length);
  });

  describe.each(cases)('%s/%s', (topic, name) => {
    test('has the three files in their format', () => {
      const reader = readerOf(topic, name);
      const { input } = caseSchema(topic, reader).parse(parse(topic, name, 'case.json'));
      resultSchema(reader).parse(parse(topic, name, 'expected.json'));
      expect(readdirSync(join(ROOT, topic, name)).sort()).toEqual(['case.json', 'expected.json', input]);
    });

    test('accounts for every record', () => {
      const expected = parse(topic, name, 'expected.json') as Result;
      if (expected.failed !== undefined) return;
      const { accepted = 0, duplicate = 0, external = 0, outOfRange = 0, rejected = [] } = expected;
      expect(expected.read).toBe(accepted + duplicate + external + outOfRange + rejected.length);
      const list = expected.rows ?? expected.events;
      if (list) expect(list).toHaveLength(accepted);
      if (expected.windows) expect(acceptedIn(expected.windows)).toBe(accepted);
      if (expected.counts) {
        expect(requests(expected.counts, 'service')).toBe(accepted);
        expect(requests(expected.counts, 'user')).toBe(external);
      }
    });

    test('rejects lines that the input has', () => {
      const { input } = parse(topic, name, 'case.json') as { input: string };
      const lines = read(topic, name, input).toString('latin1').split('\n');
      for (const { line, reason, raw } of (parse(topic, name, 'expected.json') as Result).rejected ?? []) {
        expect(line).toBeLessThanOrEqual(lines.length);
        if (raw === undefined || reason === 'late' || reason === 'future') continue;
        expect(lines[line - 1]).toContain(Buffer.from(raw).toString('latin1'));
      }
    });
  });
});

/** The samples of each window's last writing. */
function acceptedIn(windows: readonly (object & { sampleCount: number })[]): number {
  const last = new Map<string, number>();
  for (const window of windows) {
    const { componentName, metricName, unit, fromTimestamp } = window as Record<string, unknown>;
    last.set(JSON.stringify([componentName, metricName, unit, fromTimestamp]), window.sampleCount);
  }
  return [...last.values()].reduce((sum, count) => sum + count, 0);
}

function requests(counts: readonly { kind: string; totalRequests: number }[], kind: string): number {
  return counts.filter((count) => count.kind === kind).reduce((sum, { totalRequests }) => sum + totalRequests, 0);
}
