import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RejectedRecordSchema, TrafficReportRowSchema } from '@pulselake/data-model';
import {
  KnownInputs,
  type Lake,
  nextSequence,
  RejectedWriter,
  stageTrafficReport,
  trafficPairId,
} from '../src/index.js';
import { describe, expect, it } from 'vitest';
import { draftOf, inputOf, openLake } from './support/lakes.js';
import { callsOf, commitTraffic, DAY_MS, DAY_ONE_MS } from './support/small-lake.js';
import { temporaryFolder } from './support/temporary-folder.js';

const DAY = DAY_ONE_MS / DAY_MS;
const REPORT = 'traffic_reports/report_date=2024-03-01/report.json';
const ENRICHED = 'traffic_reports_enriched/report_date=2024-03-01/report.json';
const linesOf = (lake: Lake, key: string) =>
  readFileSync(join(lake.root, key), 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('the traffic report', () => {
  it('is the sum of every input of the day, sorted, without the calls of people', async () => {
    const lake = await openLake(temporaryFolder());
    await commitTraffic(lake, 'one', [callsOf(DAY, 'cart', 'stock', 7), callsOf(DAY, '', 'cart', 5)]);
    await commitTraffic(lake, 'two', [callsOf(DAY, 'cart', 'orders', 1), callsOf(DAY, 'cart', 'stock', 3)]);
    await commitTraffic(lake, 'three', [callsOf(DAY + 1, 'cart', 'stock', 100)]);

    const rows = linesOf(lake, REPORT);

    expect(rows).toEqual([
      { id: trafficPairId('cart', 'orders'), source: 'cart', target: 'orders', totalRequests: 1, failedRequests: 1 },
      { id: trafficPairId('cart', 'stock'), source: 'cart', target: 'stock', totalRequests: 10, failedRequests: 2 },
    ]);
    for (const row of rows) TrafficReportRowSchema.parse({ ...row, reportDate: '2024-03-01' });
    expect((await lake.ledger()).runs.find(({ runId }) => runId === 'two')!.replaced).toEqual([REPORT, ENRICHED]);
  });

  it('has ids over source, NUL and target', () => {
    const digest = createHash('sha256').update('cart\0orders').digest('hex');
    expect(trafficPairId('cart', 'orders')).toBe(digest.slice(0, 16));
    expect(trafficPairId('car', 'torders')).not.toBe(trafficPairId('cart', 'orders'));
  });

  it('keeps pairs apart whose names hold the NUL that ids are made with', async () => {
    const lake = await openLake(temporaryFolder());
    await commitTraffic(lake, 'one', [callsOf(DAY, 'a\0', 'b', 7), callsOf(DAY, 'a', '\0b', 5)]);
    expect(linesOf(lake, REPORT)).toMatchObject([
      { source: 'a', target: '\0b', totalRequests: 5 },
      { source: 'a\0', target: 'b', totalRequests: 7 },
    ]);
  });

  it('has people as one source when they are asked for, and leaves removed counts out', async () => {
    const lake = await openLake(temporaryFolder());
    await commitTraffic(lake, 'one', [callsOf(DAY, 'cart', 'stock', 7), callsOf(DAY, '', 'stock', 5)]);
    await commitTraffic(lake, 'two', [callsOf(DAY, '', 'stock', 2)]);
    const transaction = await lake.begin('run');
    const all = await stageTrafficReport(lake.root, transaction, '2024-03-01', { includeUsers: true });
    expect(all.map(({ source, totalRequests }) => [source, totalRequests])).toEqual([
      ['cart', 7],
      ['users', 7],
    ]);
    const removed = new Set(['traffic_counts/report_date=2024-03-01/one.json']);
    expect(await stageTrafficReport(lake.root, transaction, '2024-03-01', { removed })).toEqual([]);
  });

  it('takes what this run staged in place of what the same input left before', async () => {
    const lake = await openLake(temporaryFolder());
    await commitTraffic(lake, 'one', [callsOf(DAY, 'cart', 'stock', 7)]);
    await commitTraffic(lake, 'one', [callsOf(DAY, 'cart', 'stock', 9)]);
    expect(linesOf(lake, REPORT).map((row) => row['totalRequests'])).toEqual([9]);
  });
});

describe('the writer of rejected records', () => {
  const options = { stage: 'stream-windows', day: '2024-03-01', inputId: 'in' } as const;
  const KEY = 'rejected/stage=stream-windows/dt=2024-03-01/in-0.jsonl';

  it('writes each record as one line, counts by reason, and leaves absent fields out', async () => {
    const lake = await openLake(temporaryFolder());
    const transaction = await lake.begin('run-1');
    const rejects = await RejectedWriter.open(transaction, { ...options, file: '/data/in.jsonl' });
    rejects.write({ reason: 'late', message: 'Late.', line: 0, raw: 'a\nb\u2028\u{1F600}"' });
    rejects.write({ reason: 'bad-encoding', message: 'Bytes.', line: 7, rawBase64: '/w==', truncated: true });
    rejects.close();
    const run = await lake.locked(({ runs }) => transaction.commit(draftOf('run-1'), { sequence: nextSequence(runs) }));

    const common = { runId: 'run-1', file: '/data/in.jsonl', inputId: 'in' };
    const lines = linesOf(lake, KEY);
    expect(lines).toEqual([
      { ...common, reason: 'late', message: 'Late.', raw: 'a\nb\u2028\u{1F600}"' },
      { ...common, reason: 'bad-encoding', message: 'Bytes.', line: 7, rawBase64: '/w==', truncated: true },
    ]);
    for (const line of lines) RejectedRecordSchema.parse({ ...line, stage: 'stream-windows' });
    expect(rejects.byReason).toEqual({ late: 1, 'bad-encoding': 1 });
    expect(run.outputs.map(({ uri, rows, records }) => [uri, rows, records])).toEqual([[KEY, 2, 2]]);
  });

  it('writes more than its buffer holds, whole', async () => {
    const lake = await openLake(temporaryFolder());
    const transaction = await lake.begin('run-1');
    const rejects = await RejectedWriter.open(transaction, { ...options, name: 'other' });
    const raw = '\u{1F600}'.repeat(2000);
    for (let line = 1; line <= 300; line++) rejects.write({ reason: 'malformed', message: 'No.', line, raw });
    rejects.close();
    const text = readFileSync(await transaction.stage(KEY.replace('in-0', 'other-0')), 'utf8');
    const lines = text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as { line: number; raw: string });
    expect(lines.map(({ line }) => line)).toEqual(Array.from({ length: 300 }, (_, index) => index + 1));
    expect(lines.every((line) => line.raw === raw)).toBe(true);
  });

  it('makes no file when nothing was rejected', async () => {
    const lake = await openLake(temporaryFolder());
    const transaction = await lake.begin('run-1');
    const rejects = await RejectedWriter.open(transaction, options);
    rejects.close();
    expect(transaction.keys).toEqual([]);
    expect(existsSync(await transaction.stage(KEY))).toBe(false);
  });
});

describe('KnownInputs', () => {
  const run = (runId: string, inputId: string, fields: object = {}) => ({
    ...draftOf(runId, {
      stage: 'metrics-etl',
      inputs: [{ ...inputOf(inputId), uri: '/data/in.csv', contentBytes: 5 }],
      ...fields,
    }),
    outputs: [],
    rowsWritten: 0,
  });

  it('are the inputs of good runs of the stage that no grown version replaced', () => {
    const runs = [
      run('1', 'a'),
      run('2', 'b', { supersedes: ['a'] }),
      run('3', 'c', { status: 'failed', supersedes: ['b'] }),
      run('4', 'd', { stage: 'stream-windows', supersedes: ['b'] }),
    ];
    expect(new KnownInputs(runs, 'metrics-etl').all.map(({ input }) => input.inputId)).toEqual(['b']);
  });

  it('gives the versions at an address, the last one first', () => {
    const runs = [run('1', 'a'), run('2', 'b'), run('3', 'c', { inputs: [inputOf('c')] })];
    const known = new KnownInputs(runs, 'metrics-etl');
    expect(known.versionsAt('/data/in.csv').map(({ input }) => input.inputId)).toEqual(['b', 'a']);
    expect(known.versionsAt('/data/c')).toEqual([]);
  });
});
