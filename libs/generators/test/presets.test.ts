import { createHash } from 'node:crypto';
import { parseInstant, utcDay } from '@pulselake/data-model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generateDataset, NO_FAULTS, type ExpectedResults, type PresetName } from '../src/index.js';
import { readSimply, type SimpleResult } from './support/read-simply.js';
import { renderDataset, type RenderedFile } from './support/render-dataset.js';

const NOW_MS = Date.UTC(2024, 2, 3, 15, 17, 3);
const STAGES = ['metrics-etl', 'stream-windows', 'traffic-report'] as const;

function expectSameResults(expected: ExpectedResults, read: SimpleResult): void {
  expect(expected.rejectedLines()).toEqual(read.rejected);
  for (const stage of STAGES) {
    const { rejectedByReason, outOfRange, ...counts } = expected.counts(stage);
    const zeroes = { read: 0, accepted: 0, duplicate: 0, external: 0, rejected: 0 };
    const reasons = Object.entries(rejectedByReason).map(([reason, count]) => [`rejected:${reason}`, count]);
    expect({ ...counts, ...Object.fromEntries(reasons) }).toEqual({ ...zeroes, ...read.counts[stage] });
    expect(outOfRange).toBe(0);
    expect(counts.read).toBe(counts.accepted + counts.duplicate + counts.external + counts.rejected);
  }
  const traffic = [...expected.trafficLines()].map((line) => JSON.parse(line) as Record<string, string>);
  expect(new Map(traffic.map((row) => [`${row['reportDate']!}|${row['source']!}|${row['target']!}`, row]))).toEqual(
    new Map(
      [...read.traffic].map(([key, { total, failed }]) => {
        const [reportDate, source, target] = key.split('|');
        return [key, { source, target, totalRequests: total, failedRequests: failed, reportDate }];
      }),
    ),
  );
  const left = new Map(read.windows);
  for (const line of expected.windows.lines()) {
    const row = JSON.parse(line) as Record<string, string> & { minValue: number };
    const names = `${row['componentName']!}|${row['metricName']!}|${row['unit']!}`;
    const key = `${names}|${parseInstant(row['fromTimestamp']!)!}|${parseInstant(row['toTimestamp']!)!}|${row['source']!}`;
    const window = left.get(key);
    if (!window) throw new Error(`expected a window which the files do not hold: ${line}`);
    const { min, max, sum, count } = window;
    const { minValue, maxValue, sampleCount, sumValue } = row as unknown as Record<string, number | null>;
    if (minValue !== min || maxValue !== max || sampleCount !== count || (sumValue === null) !== (sum === null)) {
      throw new Error(`expected ${line}, read ${JSON.stringify(window)}`);
    }
    const scale = Math.max(Math.abs(sum ?? 0), (count ?? 0) * Math.max(Math.abs(min), Math.abs(max)));
    if (sum !== null && Math.abs(sum - sumValue!) > 1e-9 * scale) throw new Error(`sum of ${line} is ${sum}`);
    left.delete(key);
  }
  expect([...left]).toEqual([]);
}

/** The event of a line that moves the stream's time. */
function soundEvent(line: string): { componentName: string; timeMs: number } | undefined {
  try {
    const event = JSON.parse(line) as Record<string, unknown>;
    const { componentName, value, publicationTimestamp } = event;
    const timeMs = typeof publicationTimestamp === 'string' ? parseInstant(publicationTimestamp) : undefined;
    const isSound =
      typeof componentName === 'string' && Number.isFinite(value) && timeMs !== undefined && timeMs <= NOW_MS;
    return isSound ? { componentName, timeMs } : undefined;
  } catch {
    return undefined;
  }
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((left, right) => left - right)[Math.floor(numbers.length / 2)]!;
}

function digest(files: readonly RenderedFile[], expected: ExpectedResults): string {
  const hash = createHash('sha256');
  for (const { path, bytes, rows } of files) hash.update(path).update(bytes).update(JSON.stringify(rows));
  for (const line of [...expected.windows.lines(), ...expected.trafficLines(), ...expected.rejectedLines()]) {
    hash.update(line);
  }
  return hash.digest('hex');
}

describe.each(['demo', 'faulty'] as const)('the preset %s', (preset) => {
  const dataset = generateDataset({ preset, seed: 7, nowMs: NOW_MS });
  const { files, expected } = renderDataset(dataset);
  const read = readSimply(files, NOW_MS);

  it('gives what a simple reader makes of its files', () => {
    expectSameResults(expected, read);
  });

  it.skipIf(process.env['PULSELAKE_MUTANTS'])('is different for another seed and the same for the same one', () => {
    const again = renderDataset(generateDataset({ preset, seed: 7, nowMs: NOW_MS }));
    const other = renderDataset(generateDataset({ preset, seed: 8, nowMs: NOW_MS }));
    expect(digest(again.files, again.expected)).toBe(digest(files, expected));
    expect(digest(other.files, other.expected)).not.toBe(digest(files, expected));
  });

  it('keeps its bytes from one version to the next', () => {
    expect(digest(files, expected)).toMatchSnapshot();
  });

  it('has every reason for rejection that files can have', () => {
    const reasons = (stage: (typeof STAGES)[number]): string[] =>
      Object.keys(expected.counts(stage).rejectedByReason).sort();
    const events = [
      'bad-encoding',
      'bad-timestamp',
      'future',
      'malformed',
      'missing-field',
      'not-finite',
      'too-long',
      'wrong-type',
    ];
    expect(reasons('stream-windows')).toEqual(events);
    expect(reasons('metrics-etl')).toEqual([...events, 'empty-window', 'min-above-max'].sort());
    expect(reasons('traffic-report')).toEqual(
      ['bad-encoding', 'bad-timestamp', 'unparsed-line', ...(preset === 'faulty' ? ['too-long'] : [])].sort(),
    );
    if (preset === 'faulty') expect(expected.rejectedLines().join('\n')).toContain('"truncated":true');
  });

  it('has late, very late, repeated and quiet events, a slow clock and calls over midnight', () => {
    const behindMinutes: number[] = [];
    let latest = 0;
    let repeats = 0;
    let spills = 0;
    const eventsByHour = new Map<number, number>();
    for (const file of files.filter(({ path }) => path.startsWith('events/'))) {
      let highestMs = 0;
      const seen = new Map<string, number>();
      for (const line of file.bytes.toString().split('\n')) {
        const event = soundEvent(line);
        if (!event) continue;
        const { componentName, timeMs } = event;
        if (componentName === 'recommendation-service') {
          const hour = new Date(timeMs).getUTCHours();
          eventsByHour.set(hour, (eventsByHour.get(hour) ?? 0) + 1);
        }
        if (seen.has(line) && line.includes('eventId')) {
          repeats++;
          expect(highestMs - timeMs).toBeLessThan(9 * 60_000);
          expect(highestMs - seen.get(line)!).toBeLessThanOrEqual(60_000);
        }
        highestMs = Math.max(highestMs, timeMs);
        seen.set(line, highestMs);
        const minutes = (highestMs - timeMs) / 60_000;
        latest = Math.max(latest, minutes);
        if (componentName === 'search-service') behindMinutes.push(minutes);
        if (!file.path.includes(utcDay(timeMs))) spills++;
      }
    }
    expect(repeats).toBeGreaterThan(10);
    expect(spills).toBeGreaterThan(3);
    expect(latest).toBeGreaterThan(20);
    // Late ones apart.
    expect(eventsByHour.get(3) ?? 0).toBeLessThan(eventsByHour.get(12)! / 10);
    expect(expected.counts('stream-windows').duplicate).toBeGreaterThanOrEqual(repeats);
    // Most of its events lie seven minutes behind those that arrive with them.
    expect(median(behindMinutes)).toBeGreaterThan(6);
    const logs = files.filter(({ path }) => /-\d{4}-\d\d-\d\d\.txt/.test(path));
    const spilled = logs.filter(({ path, bytes }) => {
      const day = /\d{4}-\d\d-\d\d/.exec(path)![0];
      const days = [...bytes.toString().matchAll(/\[(\d{4}-\d\d-\d\d)T[^\]]*Z\]/g)].map(([, found]) => found!);
      return days.some((found) => found !== day && found.startsWith(day.slice(0, 4)));
    });
    expect(spilled.length).toBeGreaterThan(0);
  });

  it('spans three days, has a pair that appears, one that vanishes, and pairs that fail', () => {
    const days = [...new Set([...read.traffic.keys()].map((key) => key.slice(0, 10)))].filter((day) => {
      const lines = [...read.traffic].filter(([key]) => key.startsWith(day));
      return lines.reduce((sum, [, { total }]) => sum + total, 0) > 100;
    });
    expect(days).toEqual(['2024-02-29', '2024-03-01', '2024-03-02', '2024-03-03']);
    const total = (day: string, pair: string): number => read.traffic.get(`${day}|${pair}`)?.total ?? 0;
    expect(total(days[0]!, 'recommendation-service|user-service')).toBe(0);
    expect(total(days[3]!, 'recommendation-service|user-service')).toBeGreaterThan(10);
    expect(total(days[0]!, 'billing-service|inventory-service')).toBeGreaterThan(10);
    expect(total(days[3]!, 'billing-service|inventory-service')).toBe(0);
    expect([...read.traffic.values()].some(({ failed }) => failed > 5)).toBe(true);
    expect(expected.counts('traffic-report').external).toBeGreaterThan(1000);
  });

  it('has files with CRLF, BOM, blank lines, without final newline, plain and gzipped, and logs that name no service', () => {
    const texts = files.filter(({ rows }) => rows.length === 0);
    expect(texts.some(({ bytes }) => bytes.includes('\r\n'))).toBe(true);
    expect(texts.some(({ bytes }) => bytes[0] === 0xef)).toBe(true);
    expect(texts.some(({ bytes }) => /\n\r?\n/.test(bytes.toString()))).toBe(true);
    expect(texts.some(({ bytes }) => bytes.at(-1) !== 10)).toBe(true);
    for (const folder of ['metrics/', 'events/', 'access-logs/']) {
      const paths = files.map(({ path }) => path).filter((path) => path.startsWith(folder));
      expect(paths.some((path) => path.endsWith('.gz'))).toBe(true);
      expect(paths.some((path) => !path.endsWith('.gz'))).toBe(true);
    }
    expect(files.filter(({ path }) => path.startsWith('access-logs/') && !/\d{4}-\d\d-\d\d/.test(path))).toHaveLength(
      3,
    );
  });
});

describe('generateDataset', () => {
  it('makes the numbers of records that faulty promises, times its scale', () => {
    const { expected } = renderDataset(generateDataset({ preset: 'faulty', seed: 3, nowMs: NOW_MS, scale: 0.5 }));
    const read = STAGES.map((stage) => expected.counts(stage).read);
    for (const [index, promised] of [15_000, 15_000, 30_000].entries()) {
      expect(read[index]! / promised).toBeGreaterThan(0.8);
      expect(read[index]! / promised).toBeLessThan(1.3);
    }
  });

  it.skipIf(process.env['PULSELAKE_MUTANTS'])(
    'gives what a simple reader makes of its files for any seed and clock',
    { timeout: 120_000 },
    () => {
      fc.assert(
        fc.property(
          fc.integer(),
          fc.integer({ min: Date.UTC(2023, 0, 1), max: Date.UTC(2027, 0, 1) }),
          fc.constantFrom<PresetName>('demo', 'faulty', 'faulty', 'large'),
          (seed, nowMs, preset) => {
            const scale = preset === 'large' ? 0.01 : 0.1;
            const { files, expected } = renderDataset(generateDataset({ preset, seed, nowMs, scale }));
            expectSameResults(expected, readSimply(files, nowMs));
          },
        ),
        { numRuns: 6 },
      );
    },
  );

  it('puts nothing wrong into data without faults', () => {
    const { expected } = renderDataset(
      generateDataset({ preset: 'faulty', seed: 1, nowMs: NOW_MS, scale: 0.1, faults: NO_FAULTS }),
    );
    for (const stage of STAGES) expect(expected.counts(stage)).toMatchObject({ rejected: 0, duplicate: 0 });
  });

  it('rejects every event when everything is malformed', () => {
    const { expected } = renderDataset(
      generateDataset({ preset: 'faulty', seed: 1, nowMs: NOW_MS, scale: 0.1, faults: { ...NO_FAULTS, malformed: 1 } }),
    );
    const { read, rejectedByReason } = expected.counts('stream-windows');
    expect(read).toBeGreaterThan(1000);
    expect(rejectedByReason).toEqual({ malformed: read });
  });

  it('fails on a rate above 1, a scale, seed or clock out of range', () => {
    const generate = (options: object) => () =>
      renderDataset(generateDataset({ preset: 'faulty', seed: 1, nowMs: NOW_MS, scale: 0.1, ...options }));
    expect(generate({ faults: { late: 1.5 } })).toThrow('faults.late is 1.5; a rate must be between 0 and 1.');
    expect(generate({ faults: { late: 0.7, duplicate: 0.7 } })).toThrow('they must stay within 1');
    expect(generate({ scale: 0 })).toThrow('scale is 0; it must be between 0.01 and 100.');
    expect(generate({ seed: 0.5 })).toThrow('seed is 0.5; it must be a whole number');
    expect(generate({ nowMs: NaN })).toThrow('nowMs is NaN');
    expect(generate({ preset: 'huge' })).toThrow('preset is "huge"; it must be one of demo, faulty, large.');
  });
});
