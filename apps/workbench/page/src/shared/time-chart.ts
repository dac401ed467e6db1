import type { EChartsCoreOption } from 'echarts/core';
import type { Ends } from '../api/ask.js';
import { formatDayAndTime } from './format.js';
import type { Tip } from './pointer.js';
import type { Theme } from './theme.js';

const TIME_LABELS = {
  year: '{yyyy}',
  month: '{d} {MMM}',
  day: '{d} {MMM}',
  hour: '{HH}:{mm}',
  minute: '{HH}:{mm}',
  second: '{HH}:{mm}:{ss}',
};

interface TimeChartOptions {
  readonly theme: Theme;
  readonly ends: Ends;
  readonly yAxis: Readonly<Record<string, unknown>>;
  /** What is shown beside the pointer, for an instant and its text. */
  readonly tooltip: (timeMs: number, title: string) => HTMLElement;
  readonly series: readonly object[];
}

/** Axes and tooltip that all charts over time share. Times are UTC. */
export function timeChart({ theme, ends, yAxis, tooltip, series }: TimeChartOptions): EChartsCoreOption {
  const label = { color: theme.muted, fontSize: 11 };
  return {
    useUTC: true,
    animation: false,
    textStyle: { fontFamily: theme.font, color: theme.muted },
    grid: { left: 4, right: 14, top: 12, bottom: 2, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    xAxis: {
      type: 'time',
      min: ends.fromMs,
      max: ends.toMs,
      splitNumber: 5,
      axisLine: { lineStyle: { color: theme.line } },
      axisTick: { show: false },
      splitLine: { show: false },
      axisLabel: { ...label, hideOverlap: true, formatter: TIME_LABELS },
    },
    yAxis: {
      type: 'value',
      splitNumber: 4,
      axisLine: { show: false },
      axisTick: { show: false },
      splitLine: { lineStyle: { color: theme.faint } },
      ...yAxis,
      axisLabel: { ...label, ...(yAxis['axisLabel'] as object | undefined) },
    },
    tip: {
      at: (timeMs: number) => tooltip(timeMs, `${formatDayAndTime(timeMs)} UTC`),
      times: timesOf(series),
    } satisfies Tip,
    series: [...series],
  };
}

function timesOf(series: readonly object[]): number[] {
  const data = series.flatMap((each) => ('data' in each ? (each.data as readonly (readonly [number])[]) : []));
  return [...new Set(data.map(([timeMs]) => timeMs))].sort((a, b) => a - b);
}
