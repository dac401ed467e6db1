import type { CustomSeriesRenderItemAPI, CustomSeriesRenderItemParams } from 'echarts';
import type { EChartsCoreOption } from 'echarts/core';
import type { Ends } from '../api/ask.js';
import { formatCompact, formatCount, formatValue } from '../shared/format.js';
import type { Theme } from '../shared/theme.js';
import { timeChart } from '../shared/time-chart.js';
import { tipTable } from '../shared/tip.js';
import { type Point, pointAt, segmentsOf, type Series } from './series.js';

interface MetricChart {
  readonly series: readonly Series[];
  readonly ends: Ends;
  readonly stepMs: number;
  readonly unit: string;
  readonly theme: Theme;
}

/** The picture of a metric: a line for the average within a band from minimum to maximum, for each series. */
export function metricOption({ series, ends, stepMs, unit, theme }: MetricChart): EChartsCoreOption {
  return timeChart({
    theme,
    ends,
    yAxis: { scale: true, axisLabel: { formatter: axisText } },
    tooltip: (timeMs, title) => tip(series, timeMs, { title, stepMs, unit }),
    series: series.map((each) => {
      const color = theme.series[each.color]!;
      const segments = segmentsOf(each.points, stepMs);
      const hasAverage = each.points.some(({ average }) => average !== null);
      return seriesOf(each, segments, color, hasAverage);
    }),
  });
}

function axisText(value: number): string {
  return Math.abs(value) >= 10_000 ? formatCompact(value) : formatValue(value);
}

function seriesOf({ name, isBatch }: Series, segments: readonly Point[][], color: string, hasAverage: boolean): object {
  const starts = new Map<number, Point[]>();
  let start = 0;
  const stroke = { stroke: color, fill: 'none', lineWidth: 1.75, lineDash: isBatch ? [5, 3] : null };
  const lineOf = (points: number[][]) =>
    points.length === 1
      ? { type: 'circle', shape: { cx: points[0]![0], cy: points[0]![1], r: 2.5 }, style: { fill: color } }
      : { type: 'polyline', shape: { points }, style: stroke };
  for (const segment of segments) {
    starts.set(start, segment);
    start += segment.length;
  }
  return {
    type: 'custom',
    name,
    clip: true,
    silent: true,
    z: 1,
    encode: { x: 0, y: [1, 2] },
    data: segments.flat().map(({ timeMs, min, max }) => [timeMs, min, max]),
    renderItem: ({ dataIndex }: CustomSeriesRenderItemParams, api: CustomSeriesRenderItemAPI) => {
      // A segment is drawn once, with its first point.
      const segment = starts.get(dataIndex);
      if (!segment) return null;
      const upper = widened(segment.map(({ timeMs, max }) => api.coord([timeMs, max])));
      const lower = widened(segment.map(({ timeMs, min }) => api.coord([timeMs, min])));
      const edge = {
        stroke: color,
        lineWidth: 1,
        opacity: hasAverage ? 0 : 0.75,
        lineDash: isBatch ? [4, 3] : null,
        fill: 'none',
      };
      return {
        type: 'group',
        children: [
          {
            type: 'polygon',
            shape: { points: [...upper, ...lower.toReversed()] },
            style: { fill: color, opacity: hasAverage ? 0.13 : 0.2 },
          },
          ...[upper, lower].map((points) => ({ type: 'polyline', shape: { points }, style: edge })),
          ...linesOf(segment).map((line) => lineOf(line.map(({ timeMs, average }) => api.coord([timeMs, average!])))),
        ],
      };
    },
  };
}

/** One point alone has no width; two pixels to each side make it seen. */
function widened(points: number[][]): number[][] {
  const [first] = points;
  if (points.length !== 1 || !first) return points;
  const [x = 0, y = 0] = first;
  return [
    [x - 2, y],
    [x + 2, y],
  ];
}

/** Runs of points whose average was delivered. */
function linesOf(segment: readonly Point[]): Point[][] {
  const lines: Point[][] = [[]];
  for (const point of segment) {
    if (point.average === null) lines.push([]);
    else lines.at(-1)!.push(point);
  }
  return lines.filter(({ length }) => length > 0);
}

function tip(
  series: readonly Series[],
  timeMs: number,
  { title, stepMs, unit }: { readonly title: string; readonly stepMs: number; readonly unit: string },
): HTMLElement {
  const rows = series.flatMap((each) => {
    const point = pointAt(each.points, timeMs, stepMs);
    if (!point) return [];
    return {
      swatch: `series-${each.color + 1} ${each.isBatch ? 'is-batch' : ''}`,
      cells: [
        each.name,
        point.average === null ? 'not delivered' : formatValue(point.average),
        `${formatValue(point.min)} – ${formatValue(point.max)}`,
        formatCount(point.samples),
      ],
    };
  });
  return tipTable(title, ['', `avg ${unit}`, 'min – max', 'samples'], rows);
}
