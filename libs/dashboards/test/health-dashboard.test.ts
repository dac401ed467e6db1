import { describe, expect, test } from 'vitest';
import { askSmallLake } from './support/ask-small-lake.js';

const { ask, variable } = askSmallLake();

describe('pipeline health', () => {
  test('the overview sums the runs that started in the range', async () => {
    expect(await ask('pulselake-health', 'overview', 'runs')).toEqual([
      {
        runs: '3',
        failed_runs: '1',
        read: '35',
        rejected: '4',
        unaccounted: '3',
        rows_written: '6',
        windows_corrected: '1',
        last_finished: '2024-03-01T12:00:01.000Z',
      },
    ]);
    expect(await ask('pulselake-health', 'overview', 'late')).toEqual([{ late: '2' }]);
  });

  test('the balance shows per stage where the records went, and what is unaccounted for', async () => {
    expect((await ask('pulselake-health', 'balance', 'balance')).map((row) => Object.values(row))).toEqual([
      ['stream-windows', '25', '16', '2', '0', '0', '4', '3', '2'],
      ['traffic-report', '10', '6', '0', '3', '1', '0', '0', '1'],
    ]);
  });

  test('rejected records are counted by reason and stage', async () => {
    expect((await ask('pulselake-health', 'rejected-by-reason', 'reasons')).map((row) => Object.values(row))).toEqual([
      ['late', 'stream-windows', '2'],
      ['malformed', 'stream-windows', '1'],
    ]);
  });

  test('examples show the record, or its bytes when it is no text', async () => {
    const rows = await ask('pulselake-health', 'rejected-examples', 'examples');
    expect(rows.map(({ reason, line, raw }) => [reason, line, raw])).toEqual([
      ['late', null, expect.stringContaining('"cart"')],
      ['late', null, expect.stringContaining('it\'\\"s')],
      ['malformed', '7', 'base64 //4='],
    ]);
    const late = await ask('pulselake-health', 'rejected-examples', 'examples', { variables: { reason: ['late'] } });
    expect(late).toHaveLength(2);
  });

  test('freshness names the newest window of each source, the newest report and the last run of each stage', async () => {
    expect(await ask('pulselake-health', 'freshness', 'windows')).toEqual([
      { source: 'batch', latest: '2024-03-01 10:10:10', windows: '3' },
      { source: 'stream', latest: '2024-03-01 12:05:00', windows: '4' },
    ]);
    expect(await ask('pulselake-health', 'freshness', 'reports')).toEqual([{ latest_day: '2024-03-01' }]);
    expect((await ask('pulselake-health', 'freshness', 'runs')).map((row) => Object.values(row))).toEqual([
      ['stream-windows', '2024-03-01T12:00:01.000Z', 'failed', '2', '1'],
      ['traffic-report', '2024-03-01T11:00:01.000Z', 'succeeded', '1', '0'],
    ]);
  });

  test('runs are listed newest first with what became of their records', async () => {
    const rows = await ask('pulselake-health', 'runs', 'runs');
    expect(
      rows.map(({ run_id, unaccounted, out_of_range, error }) => [run_id, unaccounted, out_of_range, error]),
    ).toEqual([
      ['r3', '3', '0', 'disk full'],
      ['r2', '0', '1', null],
      ['r1', '0', '0', null],
    ]);
  });

  test('windows that were written again are listed as they are now, the last correction first', async () => {
    const rows = await ask('pulselake-health', 'corrected-windows', 'windows');
    expect(rows.map((row) => Object.values(row))).toEqual([
      [
        '2024-03-01 12:41:00',
        'cart',
        'latency',
        '2024-03-01 12:00:00',
        '2024-03-01 12:05:00',
        'stream',
        2,
        3,
        4,
        'ms',
        '2',
      ],
      [
        '2024-03-01 10:26:00',
        'cart',
        'latency',
        '2024-03-01 10:05:00',
        '2024-03-01 10:10:00',
        'stream',
        1,
        2,
        30,
        'ms',
        '6',
      ],
    ]);
  });

  test('late events are listed with how late they came, the newest first', async () => {
    const rows = await ask('pulselake-health', 'late-events', 'events');
    expect(rows.map((row) => Object.values(row).slice(0, 5))).toEqual([
      ['2024-03-01T09:30:02.500Z', `it'"s`, 'publicationTimestamp', '1800000', 'stream-windows'],
      ['2024-03-01T08:00:00.000Z', 'cart', 'latency', '7202000', 'stream-windows'],
    ]);
  });

  test('of each stage the last run tells what it brought, or why it failed', async () => {
    const rows = await ask('pulselake-health', 'last-runs', 'runs');
    expect(rows.map((row) => Object.values(row))).toEqual([
      ['stream-windows', 'failed', '2024-03-01T12:00:00.000Z', '5', '1', '0', 'disk full', 'r3'],
      ['traffic-report', 'succeeded', '2024-03-01T11:00:00.000Z', '10', '0', '2', null, 'r2'],
    ]);
  });

  test('reasons are listed', async () => {
    expect(await variable('pulselake-health', 'reason')).toEqual(['late', 'malformed']);
  });
});
