import { readFileSync } from 'node:fs';
import { parseInstant } from '@pulselake/data-model';
import { describe, expect, it } from 'vitest';
import { generateDataset, parseTask, type ExpectedResults } from '../src/index.js';
import { readSimply } from './support/read-simply.js';
import { renderDataset, type RenderedFile } from './support/render-dataset.js';

const sample = (name: string): string => readFileSync(new URL(`./samples/${name}`, import.meta.url), 'utf8');

function generate(text: string, options: { seed?: number; nowMs?: number } = {}) {
  const dataset = generateDataset({ task: parseTask(text), ...options });
  const { files, expected } = renderDataset(dataset);
  return {
    dataset,
    files,
    expected,
    text: (path: string) => files.find((file) => file.path === path)!.bytes.toString(),
  };
}

/** A line with everything that a seed decides replaced. */
function formOf(line: string): string {
  return line
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z/g, 'INSTANT')
    .replace(/\d+\.\d+(E-?\d+)?(?=[,}])/g, 'DOUBLE');
}

function expectCounts(expected: ExpectedResults, files: readonly RenderedFile[], nowMs: number): void {
  const read = readSimply(files, nowMs);
  expect(expected.rejectedLines()).toEqual(read.rejected);
  expect([...expected.windows.lines()]).toHaveLength(read.windows.size);
  expect([...expected.trafficLines()]).toHaveLength(read.traffic.size);
  for (const [stage, counts] of Object.entries(read.counts)) {
    const { rejectedByReason, ...mine } = expected.counts(stage as 'metrics-etl');
    const sum = mine.accepted + mine.duplicate + mine.external + mine.rejected;
    expect({ read: mine.read, sum }).toEqual({ read: counts['read'], sum: counts['read'] });
    expect(mine.accepted).toBe(counts['accepted'] ?? 0);
    expect(Object.values(rejectedByReason).reduce((total, count) => total + count, 0)).toBe(mine.rejected);
  }
}

describe('a windowed-metrics task', () => {
  const { dataset, files, expected, text } = generate(sample('windowed-metrics-task.json'));
  const training = sample('order-service.csv');

  it('gives the header, the row form and the end of the training file', () => {
    const rows = text('metrics/order-service.csv').split('\n');
    const trained = training.split('\n');
    expect(rows[0]).toBe(trained[0]);
    expect(formOf(rows[1]!)).toBe(formOf(trained[1]!));
    expect(formOf(rows[2]!)).toBe(formOf(trained[2]!));
    expect(text('metrics/order-service.csv').endsWith('\n')).toBe(false);
    expect(rows).toHaveLength(1 + 20 * 2);
  });

  it('starts contiguous windows at the start time and stays within the ranges asked', () => {
    const rows = text('metrics/user-service.csv').split('\n').slice(1);
    const cpu = rows.map((row) => row.split(',')).filter(([, , , name]) => name === 'cpu-usage');
    expect(cpu[0]![1]).toBe('2024-02-28T21:00:00Z');
    for (const [index, row] of cpu.entries()) {
      expect(row[1]).toBe(index === 0 ? row[1] : cpu[index - 1]![5]);
      const [max, min] = [Number(row[2]), Number(row[4])];
      expect(min).toBeGreaterThanOrEqual(5);
      expect(max).toBeLessThanOrEqual(65);
      expect(max - min).toBeGreaterThanOrEqual(2);
      expect(max - min).toBeLessThanOrEqual(10);
    }
  });

  it('takes the seed of the task, and another one when asked', () => {
    expect(dataset.seed).toBe(7);
    const other = generate(sample('windowed-metrics-task.json'), { seed: 8 });
    expect(other.text('metrics/order-service.csv')).not.toBe(text('metrics/order-service.csv'));
  });

  it('expects each window once, without sum and count', () => {
    expectCounts(expected, files, dataset.nowMs);
    const rows = [...expected.windows.lines()].map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(rows).toHaveLength(80);
    expect(rows[0]).toMatchObject({
      componentName: 'order-service',
      metricName: 'cpu-usage',
      unit: 'percent',
      fromTimestamp: '2024-02-28T21:00:00.000Z',
      toTimestamp: '2024-02-28T21:05:00.000Z',
      source: 'batch',
      sumValue: null,
      sampleCount: null,
    });
  });

  it('expects rejects where names do what nobody quoted', () => {
    const task = JSON.parse(sample('windowed-metrics-task.json')) as { metrics: Record<string, unknown> };
    const metric = { unit: 'percent', averageFrom: 1, averageTo: 2, minDiff: 0, maxDiff: 1 };
    const huge = { ...metric, averageFrom: -1e308, averageTo: 1.5e308 };
    task.metrics = {
      'a, b': { cpu: metric },
      '"quoted, once"': { cpu: metric, '"open': metric, 'say "hi"': metric },
      plain: { '': metric, ['ö'.repeat(129)]: metric, huge, odd: { ...metric, unit: '' } },
    };
    const { files, expected, dataset } = generate(JSON.stringify(task));
    expectCounts(expected, files, dataset.nowMs);
    expect(expected.counts('metrics-etl').rejectedByReason).toEqual({
      malformed: 40,
      'missing-field': 40,
      'too-long': 20,
      'not-finite': 20,
    });
  });
});

describe('a server-access-log task', () => {
  const { dataset, files, expected, text } = generate(sample('server-access-log-task.json'));

  it('gives the line forms and the file names of the training', () => {
    const trained = new Set(sample('user-service-2024-03-01.txt').split('\n').map(formOf));
    expect(trained.size).toBe(3);
    const forms = new Set(text('access-logs/user-service-2024-02-28.txt').split('\n').map(formOf));
    for (const form of trained) expect(forms).toContain(form);
    expect(files.map(({ path }) => path)).toContain('access-logs/audit-service-2024-02-28.txt');
    for (const { path, bytes } of files) {
      expect(path).toMatch(/^access-logs\/[a-z]+-service-2024-02-2[78]\.txt$/);
      expect(bytes.at(-1)).not.toBe(10);
      const day = /\d{4}-\d\d-\d\d/.exec(path)![0];
      for (const line of bytes.toString().split('\n')) expect(line).toContain(`[${day}T`);
    }
  });

  it('starts with the first load item at the start time', () => {
    expect(text('access-logs/checkout-service-2024-02-27.txt').split('\n')[0]).toContain(
      'alice "POST /api/v1/checkout" 200 [2024-02-27T23:59:58Z]',
    );
  });

  it('gives the calls of a request one time, that of their caller plus a lag', () => {
    const times = (path: string, caller: string): number[] =>
      text(path)
        .split('\n')
        .filter((line) => line.includes(`- ${caller} "`))
        .map((line) => parseInstant(/\[(.*?)\]/.exec(line)![1]!)!);
    const checkouts = times('access-logs/checkout-service-2024-02-28.txt', 'alice');
    const baskets = times('access-logs/basket-service-2024-02-28.txt', 'checkout-service');
    const payments = times('access-logs/payment-service-2024-02-28.txt', 'checkout-service');
    expect(baskets).toEqual(payments);
    for (const start of checkouts) expect(baskets.some((time) => time >= start && time < start + 4000)).toBe(true);
  });

  it('adds the lag once per call on the way from a person', () => {
    const task = JSON.parse(sample('server-access-log-task.json')) as Record<string, unknown>;
    Object.assign(task, { networkLagMinMillis: 1500, networkLagMaxMillis: 1500, numberOfIterations: 1 });
    const { text } = generate(JSON.stringify(task));
    // From alice at 23:59:58: checkout → basket → user → auth → audit is four lags away, payment → audit two and,
    // through 3ds, three; from bob and carol: user → auth → audit is two. What is one lag away is still the day before.
    const audits = text('access-logs/audit-service-2024-02-28.txt').split('\n');
    expect(audits.map((line) => /- (\S+) .*\[(.*)\]/.exec(line)!.slice(1).join(' '))).toEqual([
      'auth-service 2024-02-28T00:00:04Z',
      'payment-service 2024-02-28T00:00:01Z',
      'payment-service 2024-02-28T00:00:02.500Z',
      'auth-service 2024-02-28T00:00:01Z',
      'auth-service 2024-02-28T00:00:01Z',
    ]);
  });

  it('expects the calls of the graph: 17 by services for 4 by people', () => {
    expectCounts(expected, files, dataset.nowMs);
    const { accepted, external, rejected } = expected.counts('traffic-report');
    expect({ accepted, external, rejected }).toEqual({ accepted: 17 * 30, external: 4 * 30, rejected: 0 });
    expect([...expected.trafficLines()].find((line) => line.includes('"target":"search-service"'))).toContain(
      '"source":"catalog-service"',
    );
  });

  it('expects what readers make of people with odd names', () => {
    const task = JSON.parse(sample('server-access-log-task.json')) as { loadItems: Record<string, unknown>[] };
    Object.assign(task.loadItems[0]!, { userAddress: '<masked>', remoteUser: '-' });
    Object.assign(task.loadItems[1]!, { userAgent: 'Machine (curl; robot)' });
    Object.assign(task.loadItems[2]!, { userAgent: 'x" 503 [yesterday] "y' });
    Object.assign(task.loadItems[3]!, { remoteUser: '', userAgent: 'a "b"' });
    const { files, expected, dataset } = generate(JSON.stringify(task));
    expectCounts(expected, files, dataset.nowMs);
    expect(expected.counts('traffic-report')).toMatchObject({
      external: 30,
      rejectedByReason: { 'unparsed-line': 30, 'bad-timestamp': 30 },
    });
    expect([...expected.trafficLines()].join()).toContain('"source":"robot"');
  });
});

describe('a kinesis-metrics-stream task', () => {
  const { dataset, files, expected, text } = generate(sample('kinesis-metrics-stream-task.json'));

  it('gives the records of the training, simulating the clock', () => {
    const lines = text('events/multi.ndjson').trimEnd().split('\n');
    expect(lines).toHaveLength(25 * 4);
    const training = sample('events.ndjson').split('\n')[0]!;
    expect(lines.map(formOf)).toContain(formOf(training));
    expect(lines[0]).toContain(
      '{"metricName":"cpu-usage","componentName":"user-service","publicationTimestamp":"2024-03-10T23:40:00.500Z",',
    );
    expect(lines[4]).toContain('2024-03-10T23:40:30.500Z');
  });

  it('expects windows of five minutes that hold every event', () => {
    expectCounts(expected, files, dataset.nowMs);
    const rows = [...expected.windows.lines()].map(
      (line) => JSON.parse(line) as { sampleCount: number; source: string },
    );
    expect(rows).toHaveLength(3 * 4);
    expect(rows.reduce((sum, { sampleCount }) => sum + sampleCount, 0)).toBe(100);
    expect(rows.every(({ source }) => source === 'stream')).toBe(true);
  });

  it('expects events more than five minutes ahead of the clock as future', () => {
    const nowMs = parseInstant('2024-03-10T23:40:00.500Z')!;
    const early = generate(sample('kinesis-metrics-stream-task.json'), { nowMs });
    expectCounts(early.expected, early.files, nowMs);
    expect(early.expected.counts('stream-windows').rejectedByReason).toEqual({ future: (25 - 11) * 4 });
  });
});
