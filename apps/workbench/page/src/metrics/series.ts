import { textOf } from '../shared/format.js';
import type { Row } from '../api/ask.js';

/** Longer than this many steps without a window is a gap, and drawn as one. */
const GAP_STEPS = 1.5;
const COLORS = 8;

/** A point of a series. */
export interface Point {
  readonly timeMs: number;
  readonly min: number;
  readonly max: number;
  /** Null when a window of it came without a sum or a count. */
  readonly average: number | null;
  readonly samples: number | null;
  readonly longestWindowMs: number;
}

/** What a component sent of a metric, by source. */
export interface Series {
  readonly key: string;
  readonly name: string;
  readonly isBatch: boolean;
  /** Number of its colour, from 0. */
  readonly color: number;
  readonly points: readonly Point[];
}

/** A series while its points are gathered. */
type OpenSeries = Omit<Series, 'points'> & { readonly points: Point[] };

/** The series of one metric in one unit. */
export interface SeriesGroup {
  readonly key: string;
  readonly metric: string;
  readonly unit: string;
  readonly series: readonly Series[];
}

/** The rows of the panel `series` as charts, one per metric and unit, each component with the same colour in all of them. */
export function groupsOf(rows: readonly Row[]): SeriesGroup[] {
  const text = (row: Row, name: string) => textOf(row[name]);
  const components = [...new Set(rows.map((row) => text(row, 'component_name')))].sort();
  const hasBoth = new Set(rows.map((row) => row['source'])).size > 1;
  const groups = new Map<string, Omit<SeriesGroup, 'series'> & { series: OpenSeries[] }>();
  for (const row of rows) {
    const [metric, unit, component, source] = ['metric_name', 'unit', 'component_name', 'source'].map((name) =>
      text(row, name),
    ) as [string, string, string, string];
    const key = JSON.stringify([metric, unit]);
    let group = groups.get(key);
    if (!group) groups.set(key, (group = { key, metric, unit, series: [] }));
    const name = hasBoth ? `${component} · ${source}` : component;
    let series = group.series.find((each) => each.name === name);
    if (!series) {
      const color = components.indexOf(component) % COLORS;
      series = { key: `${key}${name}`, name, isBatch: source === 'batch', color, points: [] };
      group.series.push(series);
    }
    series.points.push({
      timeMs: Date.parse(text(row, 'time')),
      min: Number(row['min_value']),
      max: Number(row['max_value']),
      average: row['avg_value'] === null ? null : Number(row['avg_value']),
      samples: row['sample_count'] === null ? null : Number(row['sample_count']),
      longestWindowMs: Number(row['longest_window_ms'] ?? 0),
    });
  }
  return [...groups.values()];
}

/** Runs of points without a gap between them. */
export function segmentsOf(points: readonly Point[], stepMs: number): Point[][] {
  const segments: Point[][] = [];
  let previous: Point | undefined;
  for (const point of points) {
    const reachMs = GAP_STEPS * Math.max(stepMs, previous?.longestWindowMs ?? 0);
    if (!previous || point.timeMs - previous.timeMs > reachMs) segments.push([]);
    segments.at(-1)!.push(point);
    previous = point;
  }
  return segments;
}

/** The point that holds at an instant: of windows longer than the step, the one that has begun and not ended. */
export function pointAt(points: readonly Point[], timeMs: number, stepMs: number): Point | undefined {
  const point = points.findLast((each) => each.timeMs <= timeMs);
  return point && timeMs - point.timeMs < Math.max(stepMs, point.longestWindowMs) ? point : undefined;
}

/** What is to be said of averages that were not delivered; empty when all were. */
export function averageNote(series: readonly Series[]): string {
  const without = series.filter(({ points }) => points.every(({ average }) => average === null));
  const partly = series.filter(
    (each) => !without.includes(each) && each.points.some(({ average }) => average === null),
  );
  const names = (some: readonly Series[]) =>
    some.length === series.length && series.length > 1
      ? 'any series'
      : some.length > 3
        ? `${some.length} series`
        : some.map(({ name }) => name).join(', ');
  return [
    ...(without.length > 0 ? [`No average delivered for ${names(without)}: the band shows minimum to maximum.`] : []),
    ...(partly.length > 0 ? [`The average of ${names(partly)} has gaps where none was delivered.`] : []),
  ].join(' ');
}
