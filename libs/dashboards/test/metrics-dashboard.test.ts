import { describe, expect, test } from 'vitest';
import { askSmallLake, type Asked } from './support/ask-small-lake.js';

const { ask, variable } = askSmallLake();

describe('metrics', () => {
  const series = (asked?: Asked) => ask('pulselake-metrics', 'series', 'series', asked);

  test('the average is the sum of sums over the sum of counts, the band the extremes, per hour and source', async () => {
    expect(await series({ variables: { component: ['cart'] } })).toEqual([
      {
        time: '2024-03-01 10:00:00',
        component_name: 'cart',
        metric_name: 'latency',
        unit: 'ms',
        source: 'batch',
        avg_value: null,
        min_value: 1,
        max_value: 6,
        sample_count: '4',
        windows: '2',
        longest_window_ms: '10000',
      },
      {
        time: '2024-03-01 10:00:00',
        component_name: 'cart',
        metric_name: 'latency',
        unit: 'ms',
        source: 'stream',
        avg_value: 12,
        min_value: 1,
        max_value: 30,
        sample_count: '10',
        windows: '2',
        longest_window_ms: '300000',
      },
      {
        time: '2024-03-01 12:00:00',
        component_name: 'cart',
        metric_name: 'latency',
        unit: 'ms',
        source: 'stream',
        avg_value: 3.5,
        min_value: 3,
        max_value: 4,
        sample_count: '2',
        windows: '1',
        longest_window_ms: '300000',
      },
    ]);
  });

  test('a smaller step keeps windows apart, and a legacy window begins where its step begins', async () => {
    const rows = await series({ variables: { component: ['cart'] }, intervalMs: 300_000 });
    expect(rows.map(({ time, source, avg_value }) => [time, source, avg_value])).toEqual([
      ['2024-03-01 10:00:00', 'batch', 1.5],
      ['2024-03-01 10:10:00', 'batch', null],
      ['2024-03-01 10:00:00', 'stream', 5],
      ['2024-03-01 10:05:00', 'stream', 100 / 6],
      ['2024-03-01 12:00:00', 'stream', 3.5],
    ]);
  });

  test('without a sum and a count there is no average and no sample count, only the band', async () => {
    const rows = await series({ variables: { component: ["O'Hara <b>"] } });
    expect(rows).toMatchObject([
      { component_name: "O'Hara <b>", avg_value: null, sample_count: null, min_value: -3, max_value: -1 },
    ]);
  });

  test('several components, metrics and units narrow each other', async () => {
    const rows = await series({
      variables: { component: ['cart', "O'Hara <b>"], metric: ['load', 'latency'], unit: ['%'] },
    });
    expect(rows.map((row) => row['component_name'])).toEqual(["O'Hara <b>"]);
  });

  test('the overview counts components, windows, known samples and windows without an average', async () => {
    expect(await ask('pulselake-metrics', 'overview', 'overview')).toEqual([
      {
        components: '2',
        windows: '6',
        known_samples: '16',
        windows_without_average: '2',
        latest: '2024-03-01 12:05:00',
      },
    ]);
  });

  test('samples over time are told apart by source', async () => {
    expect(await ask('pulselake-metrics', 'samples', 'samples')).toEqual([
      { time: '2024-03-01 10:00:00', source: 'batch', known_samples: '4', windows: '3', windows_without_average: '2' },
      {
        time: '2024-03-01 10:00:00',
        source: 'stream',
        known_samples: '10',
        windows: '2',
        windows_without_average: '0',
      },
      { time: '2024-03-01 12:00:00', source: 'stream', known_samples: '2', windows: '1', windows_without_average: '0' },
    ]);
  });

  test('the summary spans the whole range', async () => {
    const rows = await ask('pulselake-metrics', 'summary', 'summary');
    expect(rows.map((row) => Object.values(row))).toEqual([
      ["O'Hara <b>", 'load', 'batch', -3, null, -1, '%', null, '1', '2024-03-01 10:05:00'],
      ['cart', 'latency', 'batch', 1, null, 6, 'ms', '4', '2', '2024-03-01 10:10:10'],
      ['cart', 'latency', 'stream', 1, 127 / 12, 30, 'ms', '12', '3', '2024-03-01 12:05:00'],
    ]);
  });

  test('variables list what the range holds, each within those before it', async () => {
    expect(await variable('pulselake-metrics', 'component')).toEqual(["O'Hara <b>", 'cart']);
    expect(await variable('pulselake-metrics', 'metric', { variables: { component: ['cart'] } })).toEqual(['latency']);
    expect(await variable('pulselake-metrics', 'unit', { variables: { metric: ['load'] } })).toEqual(['%']);
  });
});
