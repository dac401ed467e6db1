import { formatDayAndTime } from './format.js';

const TIME_LABELS = {
  year: '{yyyy}',
  month: '{d} {MMM}',
  day: '{d} {MMM}',
  hour: '{HH}:{mm}',
  minute: '{HH}:{mm}',
  second: '{HH}:{mm}:{ss}',
};

/** Axes and tooltip that all charts over time share. Times are UTC. */
export function timeChart({ theme, ends, yAxis, tooltip, series }) {
  return {
    useUTC: true,
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
      axisLabel: { color: theme.muted, fontSize: 11, hideOverlap: true, formatter: TIME_LABELS },
    },
    yAxis: {
      type: 'value',
      splitNumber: 4,
      axisLine: { show: false },
      axisTick: { show: false },
      splitLine: { lineStyle: { color: theme.faint } },
      ...yAxis,
      axisLabel: { color: theme.muted, fontSize: 11, ...yAxis.axisLabel },
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
      formatter: (shown) => {
        const first = Array.isArray(shown) ? shown[0] : shown;
        const timeMs = Number(first.axisValue ?? first.value[0]);
        return tooltip(timeMs, `${formatDayAndTime(timeMs)} UTC`);
      },
    },
    series,
  };
}
