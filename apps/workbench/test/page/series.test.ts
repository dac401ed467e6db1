import type { QueryValue } from '@pulselake/dashboards';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { averageNote, groupsOf, pointAt, segmentsOf } from '../../page/src/metrics/series.js';
import { csvOf } from '../../page/src/csv/csv.js';
import { formatAge, formatCell, formatDuration, formatShare, formatValue } from '../../page/src/shared/format.js';
import { comparison } from '../../page/src/shared/row-order.js';

const MINUTE_MS = 60_000;

interface Window {
  readonly at: string;
  readonly average: number | null;
  readonly source?: string;
  readonly component?: string;
  readonly lengthMs?: number;
}

const rowOf = ({ at, average, source = 'stream', component = 'cart', lengthMs = 5 * MINUTE_MS }: Window) => ({
  time: `2024-03-12T${at}:00.000Z`,
  component_name: component,
  metric_name: 'wait',
  unit: 'ms',
  source,
  min_value: 1,
  max_value: 9,
  avg_value: average,
  sample_count: average === null ? null : '4',
  longest_window_ms: lengthMs,
});

const segmentTimes = (windows: readonly Window[], stepMs: number) =>
  segmentsOf(groupsOf(windows.map(rowOf))[0]!.series[0]!.points, stepMs).map((segment) =>
    segment.map(({ timeMs }) => new Date(timeMs).toISOString().slice(11, 16)),
  );

describe('the series of a chart', () => {
  test('a pause of one window is a gap', () => {
    const windows = ['10:00', '10:05', '10:15'].map((at) => ({ at, average: 1 }));
    expect(segmentTimes(windows, MINUTE_MS)).toEqual([['10:00', '10:05'], ['10:15']]);
  });

  test('a step longer than the windows makes no gaps', () => {
    const windows = ['10:00', '10:30', '11:00'].map((at) => ({ at, average: 1 }));
    expect(segmentTimes(windows, 30 * MINUTE_MS)).toEqual([['10:00', '10:30', '11:00']]);
  });

  test('an hour long window is no gap, though the step is a minute', () => {
    const windows = ['10:00', '11:00', '12:00'].map((at) => ({ at, average: 1, lengthMs: 60 * MINUTE_MS }));
    expect(segmentTimes(windows, MINUTE_MS)).toEqual([['10:00', '11:00', '12:00']]);
  });

  test('segments hold every point once, in order', () => {
    const minutes = fc.uniqueArray(fc.integer({ min: 0, max: 59 }), { minLength: 1 });
    fc.assert(
      fc.property(minutes, fc.integer({ min: 1, max: 10 }), (given, step) => {
        const times = given.toSorted((a, b) => a - b).map((minute) => `10:${String(minute).padStart(2, '0')}`);
        const windows = times.map((at) => ({ at, average: null, lengthMs: MINUTE_MS }));
        expect(segmentTimes(windows, step * MINUTE_MS).flat()).toEqual(times);
      }),
    );
  });

  test('batch and stream of a component are two series of one colour', () => {
    const [group] = groupsOf([
      rowOf({ at: '10:00', average: 1 }),
      rowOf({ at: '10:00', average: null, source: 'batch' }),
    ]);
    expect(group!.series.map(({ name, isBatch, color }) => [name, isBatch, color])).toEqual([
      ['cart · stream', false, 0],
      ['cart · batch', true, 0],
    ]);
  });

  test('what was not delivered is never a number', () => {
    const [group] = groupsOf([rowOf({ at: '10:00', average: null })]);
    expect(group!.series[0]!.points[0]).toMatchObject({ average: null, samples: null, min: 1, max: 9 });
    expect(averageNote(group!.series)).toBe('No average delivered for cart: the band shows minimum to maximum.');
  });

  test('a point holds from its start to the end of its window', () => {
    const { points } = groupsOf([rowOf({ at: '10:00', average: 1 })])[0]!.series[0]!;
    const at = (time: string) => pointAt(points, Date.parse(`2024-03-12T${time}Z`), MINUTE_MS)?.average;
    expect([at('09:59:59'), at('10:00:00'), at('10:04:59'), at('10:05:00')]).toEqual([undefined, 1, 1, undefined]);
  });
});

describe('formats', () => {
  test.each<[string, string]>([
    [formatValue(0), '0'],
    [formatValue(15.466666), '15.47'],
    [formatValue(1234.5), '1,235'],
    [formatValue(1_500_000), '1.5M'],
    [formatValue(0.00001), '1.00e-5'],
    [formatValue(null), '–'],
    [formatShare(0), '0 %'],
    [formatShare(0.0004), '<0.1 %'],
    [formatShare(0.123), '12.3 %'],
    [formatShare(1), '100 %'],
    [formatDuration(999), '999 ms'],
    [formatDuration(1500), '1.5 s'],
    [formatAge(0, 89_000), '89 s ago'],
    [formatAge(0, 7_200_000), '2 h ago'],
    [formatAge(5000, 0), 'in 5 s'],
    [formatCell('9007199254740993', 'count'), '9,007,199,254,740,992'],
    [formatCell('2024-03-12T10:30:00.000Z', 'instant'), '12 Mar, 10:30'],
    [formatCell(null, 'share'), '–'],
  ])('%s is %s', (formatted, expected) => {
    expect(formatted).toBe(expected);
  });

  test('CSV keeps quotes, commas and line ends, and leaves empty what is not known', () => {
    expect(csvOf(['a', 'b'], [['say "hi", twice\n', null]])).toBe('a,b\r\n"say ""hi"", twice\n",\r\n');
  });
});

describe('the order of a table', () => {
  const columns = [{ name: 'n', title: 'N', unit: 'count' as const }];
  const ordered = (values: readonly QueryValue[], descending: boolean) =>
    values
      .map((n) => ({ n }))
      .sort(comparison({ name: 'n', descending }, columns))
      .map(({ n }) => n);

  test('numbers that came as texts are compared as numbers, and what is missing comes last either way', () => {
    expect(ordered(['10', null, '9'], false)).toEqual(['9', '10', null]);
    expect(ordered(['10', null, '9'], true)).toEqual(['10', '9', null]);
  });
});
