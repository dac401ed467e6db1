import type { EChartsCoreOption } from 'echarts/core';
import type { Ends } from '../api/ask.js';
import { formatDayAndTime } from './format.js';
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
    grid: { left: 4, right: 14, top: 12, bottom: 2, containLabel: true },
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
    tooltip: {
      trigger: 'axis',
      renderMode: 'html',
      className: 'tip',
      confine: true,
      transitionDuration: 0,
      padding: 0,
      borderWidth: 0,
      backgroundColor: 'transparent',
      axisPointer: { type: 'line', lineStyle: { color: theme.muted, type: 'solid', width: 1 } },
      formatter: (shown: unknown) => {
        const first = (Array.isArray(shown) ? shown[0] : shown) as { axisValue?: number; value: [number] };
        const timeMs = first.axisValue ?? first.value[0];
        return tooltip(timeMs, `${formatDayAndTime(timeMs)} UTC`);
      },
    },
    series: [...series],
  };
}
