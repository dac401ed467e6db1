import { useCallback } from 'react';
import type { Ends, Row } from '../api/ask.js';
import { Card } from '../shared/card.js';
import { Chart } from '../shared/chart.js';
import { formatCompact, formatCount, textOf } from '../shared/format.js';
import type { Theme } from '../shared/theme.js';
import { timeChart } from '../shared/time-chart.js';
import { tipTable } from '../shared/tip.js';

interface SamplesCardProps {
  readonly rows: readonly Row[];
  readonly stepMs: number;
  readonly ends: Ends;
  readonly onBrush: (ends: Ends) => void;
}

const SOURCES = ['stream', 'batch'] as const;

/** How many samples the windows hold, a bar per step, by source. */
export function SamplesCard({ rows, stepMs, ends, onBrush }: SamplesCardProps) {
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
        series: SOURCES.map((source, index) => ({
          type: 'bar',
          name: source,
          stack: 'samples',
          barMaxWidth: 14,
          itemStyle: { color: theme.series[index] },
          emphasis: { disabled: true },
          data: points
            .filter((row) => row['source'] === source)
            .map((row) => [row.timeMs, Number(row['known_samples'])]),
        })),
      });
    },
    [rows, stepMs, ends],
  );
  return (
    <Card title="Samples over time" description="Windows without a count add nothing">
      <Chart height={128} label="Samples over time, by source" option={option} onBrush={onBrush} />
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
    </Card>
  );
}
