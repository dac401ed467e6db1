import { describe, expect, test } from 'vitest';
import { askSmallLake } from './support/ask-small-lake.js';

const { ask, variable } = askSmallLake();

describe('traffic', () => {
  const days = { variables: { day: ['2024-03-01'], compareDay: ['2024-02-29'] } };
  const oneDay = { variables: { day: ['2024-03-01'] } };

  test('totals are those of the day and of the compared day', async () => {
    expect(await ask('pulselake-traffic', 'totals', 'day', days)).toEqual([
      { total_requests: '142', failed_requests: '7', failure_share: 7 / 142, pairs: '3' },
    ]);
    expect(await ask('pulselake-traffic', 'totals', 'compared', days)).toEqual([
      { total_requests: '87', failed_requests: '20', failure_share: 20 / 87, pairs: '2' },
    ]);
  });

  test('a day without a report has zero requests and no failure share', async () => {
    expect(await ask('pulselake-traffic', 'totals', 'compared', oneDay)).toEqual([
      { total_requests: '0', failed_requests: '0', failure_share: null, pairs: '0' },
    ]);
  });

  test('calls per day keep to the days of the range', async () => {
    const rows = await ask('pulselake-traffic', 'days', 'days');
    expect(rows).toMatchObject([{ report_date: '2024-03-01', total_requests: '142' }]);
  });

  test('the map has every service once, a call to itself counted on both sides, and every pair as an edge', async () => {
    const nodes = await ask('pulselake-traffic', 'service-map', 'nodes', oneDay);
    expect(nodes.map((row) => Object.values(row))).toEqual([
      ['audit', 'audit', '40', '0', '0', 0],
      ['cart', 'cart', '0', '100', '0', null],
      ['order', 'order', '102', '42', '7', 7 / 102],
    ]);
    const edges = await ask('pulselake-traffic', 'service-map', 'edges', oneDay);
    expect(edges.map((row) => Object.values(row))).toEqual([
      ['aa', 'cart', 'order', '100', '5', 0.05],
      ['bb', 'order', 'audit', '40', '0', 0],
      ['cc', 'order', 'order', '2', '2', 1],
    ]);
  });

  test('the metrics of a service are those of the day, its average empty when one window has none', async () => {
    const asked = { variables: { day: ['2024-03-01'], service: ['cart'] } };
    expect(
      (await ask('pulselake-traffic', 'service-metrics', 'metrics', asked)).map((row) => Object.values(row)),
    ).toEqual([['cart', 'latency', 'ms', 0, null, 99, '6']]);
  });

  test('pairs are held against the compared day', async () => {
    const rows = await ask('pulselake-traffic', 'pairs', 'pairs', days);
    expect(rows.map((row) => Object.values(row))).toEqual([
      ['cart', 'order', '100', '5', 0.05, '80', 0.25, '20', 'both'],
      ['order', 'audit', '40', '0', 0, null, null, '40', 'new'],
      ['order', 'order', '2', '2', 1, null, null, '2', 'new'],
    ]);
  });

  test('pairs that came and went are listed', async () => {
    const rows = await ask('pulselake-traffic', 'new-and-vanished', 'changes', days);
    expect(rows.map(({ presence, source, target, change }) => [presence, source, target, change])).toEqual([
      ['new', 'order', 'audit', '40'],
      ['new', 'order', 'order', '2'],
      ['vanished', 'cart', 'mail', '-7'],
    ]);
  });

  test('nothing is called new or vanished against a day without a report', async () => {
    const asked = { variables: { day: ['2024-03-01'], compareDay: ['2024-01-01'] } };
    expect(await ask('pulselake-traffic', 'new-and-vanished', 'changes', asked)).toEqual([]);
    const rows = await ask('pulselake-traffic', 'pairs', 'pairs', asked);
    expect(rows.map(({ presence, change }) => [presence, change])).toEqual([
      [null, null],
      [null, null],
      [null, null],
    ]);
  });

  test('variables list days, newest first, and the services of the day', async () => {
    expect(await variable('pulselake-traffic', 'day')).toEqual(['2024-03-01']);
    expect(await variable('pulselake-traffic', 'service', oneDay)).toEqual(['audit', 'cart', 'order']);
  });
});
