import { useCallback } from 'react';
import { Chart } from '../shared/chart.js';
import { formatCompact, formatValue, textOf } from '../shared/format.js';
import type { Theme } from '../shared/theme.js';
import '../shared/echarts-lines.js';
import { timeChart } from '../shared/time-chart.js';
import { tipTable } from '../shared/tip.js';
import type { SqlAnswer } from './ask-sql.js';

const MAX_SERIES = 8;
const MAX_POINTS = 2000;

/** What of a result can be drawn: numbers over the first column of instants or days. */
export interface Drawable {
  readonly times: readonly number[];
  readonly series: readonly { readonly name: string; readonly values: readonly (number | null)[] }[];
}

/** @returns nothing when no column holds times, each once, or none holds numbers */
export function drawable({ columns, rows }: SqlAnswer): Drawable | undefined {
  const used = rows.slice(0, MAX_POINTS);
  const timeAt = columns.findIndex((_, index) => used.length > 1 && used.every((row) => isTime(row[index])));
  if (timeAt === -1) return undefined;
  // Several rows of one instant are several series in one column: no line tells them apart.
  if (new Set(used.map((row) => row[timeAt])).size < used.length) return undefined;
  const order = used.map((row, index) => ({ timeMs: Date.parse(textOf(row[timeAt])), index }));
  order.sort((a, b) => a.timeMs - b.timeMs);
  const series = columns.flatMap(({ name }, column) => {
    const values = order.map(({ index }) => used[index]![column] ?? null);
    const isNumbers = values.every((value) => value === null || typeof value === 'number');
    return column !== timeAt && isNumbers && values.some((value) => value !== null) ? [{ name, values }] : [];
  });
  return series.length === 0
    ? undefined
    : { times: order.map(({ timeMs }) => timeMs), series: series.slice(0, MAX_SERIES) };
}

function isTime(value: unknown): boolean {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\d(T\d\d:\d\d.*Z)?$/.test(value);
}

/** The numbers of a result over its times. */
export function ResultChart({ drawn: { times, series } }: { readonly drawn: Drawable }) {
  const option = useCallback(
    (theme: Theme) =>
      timeChart({
        theme,
        ends: { fromMs: times[0]!, toMs: times.at(-1)! },
        yAxis: { scale: true, axisLabel: { formatter: formatCompact } },
        tooltip: (timeMs, title) => {
          const at = times.indexOf(timeMs);
          const rows = series.map(({ name, values }) => ({ cells: [name, formatValue(values[at] ?? null)] }));
          return tipTable(title, ['', ''], rows);
        },
        series: series.map(({ name, values }, index) => ({
          type: 'line',
          name,
          data: values.map((value, at) => [times[at], value]),
          showSymbol: values.length < 60,
          symbolSize: 4,
          itemStyle: { color: theme.series[index] },
          lineStyle: { color: theme.series[index], width: 1.75 },
        })),
      }),
    [times, series],
  );
  return (
    <>
      <Chart height={240} label={`${series.map(({ name }) => name).join(', ')} over time`} option={option} />
      <div className="legend">
        {series.map(({ name }, index) => (
          <span key={name} className="legend-plain">
            <span className={`swatch series-${index + 1}`} />
            {name}
          </span>
        ))}
      </div>
    </>
  );
}
