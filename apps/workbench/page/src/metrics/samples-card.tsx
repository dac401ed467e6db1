import type { CustomSeriesRenderItemAPI, CustomSeriesRenderItemParams } from 'echarts';
import type { UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useCallback } from 'react';
import type { Ends, PanelAnswer, Row } from '../api/ask.js';
import { Chart } from '../shared/chart.js';
import { PanelCard } from '../shared/panel-card.js';
import { formatCompact, formatCount, textOf } from '../shared/format.js';
import type { Theme } from '../shared/theme.js';
import { timeChart } from '../shared/time-chart.js';
import { tipTable } from '../shared/tip.js';

interface SamplesCardProps {
  readonly uid: string;
  readonly query: UseQueryResult<PanelAnswer>;
  readonly ends: Ends;
  readonly onBrush: (ends: Ends) => void;
  /** Why there are none. */
  readonly empty: ReactNode;
}

type ChartProps = Pick<SamplesCardProps, 'ends' | 'onBrush'> & {
  readonly title: string;
  readonly rows: readonly Row[];
  readonly stepMs: number;
};

const MOST_BAR_PIXELS = 14;
const SOURCES = ['stream', 'batch'] as const;

/** How many samples the windows hold, a bar per step, by source. */
export function SamplesCard({ uid, query, empty, ...chart }: SamplesCardProps) {
  return (
    <PanelCard uid={uid} panel="samples" query={query} height={160} empty={empty}>
      {({ queries, stepMs }, title) => (
        <SamplesChart {...chart} title={title} rows={queries['samples']!.rows} stepMs={stepMs} />
      )}
    </PanelCard>
  );
}

function SamplesChart({ title, rows, stepMs, ends, onBrush }: ChartProps) {
  const without = rows.reduce((sum, row) => sum + Number(row['windows_without_average']), 0);
  const option = useCallback(
    (theme: Theme) => {
      const points: readonly (Row & { readonly timeMs: number })[] = rows.map((row) => ({
        ...row,
        timeMs: Date.parse(textOf(row['time'])),
      }));
      return timeChart({
        theme,
        ends: { fromMs: Math.floor(ends.fromMs / stepMs) * stepMs, toMs: ends.toMs },
        yAxis: { splitNumber: 2, axisLabel: { formatter: formatCompact } },
        tooltip: (timeMs, title) =>
          tipTable(
            title,
            ['', 'samples', 'windows'],
            points
              .filter((row) => row.timeMs === timeMs)
              .map((row) => ({
                cells: [textOf(row['source']), formatCount(row['known_samples']), formatCount(row['windows'])],
              })),
          ),
        series: SOURCES.map((source, index) => barsOf(points, source, { color: theme.series[index]!, stepMs })),
      });
    },
    [rows, stepMs, ends],
  );
  return (
    <>
      <Chart height={128} label={`${title}, by source`} option={option} onBrush={onBrush} />
      <p className="chart-note">
        {without > 0 ? `${formatCount(without)} windows were delivered without a sum or a count.` : ''}
      </p>
      <div className="legend">
        {SOURCES.map((source) => (
          <span key={source} className="legend-plain">
            <span className={`swatch is-square source-${source}`} />
            {source}
          </span>
        ))}
      </div>
    </>
  );
}

/** Bars of a source, on those of the sources before it. */
function barsOf(
  points: readonly (Row & { readonly timeMs: number })[],
  source: (typeof SOURCES)[number],
  { color, stepMs }: { readonly color: string; readonly stepMs: number },
): object {
  const before = SOURCES.slice(0, SOURCES.indexOf(source));
  const data = points
    .filter((row) => row['source'] === source)
    .map((row) => {
      const below = points.filter(
        ({ timeMs, source: other }) => timeMs === row.timeMs && before.some((each) => each === other),
      );
      const from = below.reduce((sum, each) => sum + Number(each['known_samples']), 0);
      return [row.timeMs, from, from + Number(row['known_samples'])];
    });
  return {
    type: 'custom',
    name: source,
    clip: true,
    silent: true,
    encode: { x: 0, y: [1, 2] },
    data,
    renderItem: (_: CustomSeriesRenderItemParams, api: CustomSeriesRenderItemAPI) => {
      const timeMs = Number(api.value(0));
      const [x = 0, top = 0] = api.coord([timeMs, api.value(2)]);
      const [endX = 0, bottom = 0] = api.coord([timeMs + stepMs, api.value(1)]);
      const width = Math.min(Math.max((endX - x) * 0.8, 1), MOST_BAR_PIXELS);
      return { type: 'rect', shape: { x, y: top, width, height: bottom - top }, style: { fill: color } };
    },
  };
}
