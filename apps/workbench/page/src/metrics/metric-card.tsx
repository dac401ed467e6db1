import { useCallback, useState } from 'react';
import type { Ends } from '../api/ask.js';
import { Chart } from '../shared/chart.js';
import { downloadCsv } from '../shared/download-csv.js';
import { formatValue } from '../shared/format.js';
import type { Theme } from '../shared/theme.js';
import { metricOption } from './metric-option.js';
import { averageNote, type Series, type SeriesGroup } from './series.js';

const HEIGHT = 208;
const MAX_SERIES = 8;

interface MetricCardProps {
  readonly group: SeriesGroup;
  readonly ends: Ends;
  readonly stepMs: number;
  readonly onBrush: (ends: Ends) => void;
}

/** One metric in one unit over time, its series shown or hidden by their names below. */
export function MetricCard({ group: { metric, unit, series }, ends, stepMs, onBrush }: MetricCardProps) {
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const drawn = series.slice(0, MAX_SERIES);
  const omitted = series.length - drawn.length;
  const option = useCallback(
    (theme: Theme) => metricOption({ series: drawn.filter(({ key }) => !hidden.has(key)), ends, stepMs, unit, theme }),
    [series, hidden, ends, stepMs, unit],
  );
  const toggle = (key: string) => {
    const next = new Set(hidden);
    if (!next.delete(key)) next.add(key);
    setHidden(next);
  };
  const note = [averageNote(drawn), ...(omitted > 0 ? [`${omitted} more series: choose components to see them.`] : [])];
  return (
    <section className="card metric" aria-label={`${metric} in ${unit}`}>
      <header className="card-head">
        <h2>{metric}</h2>
        <span className="chip">{unit}</span>
        <span className="card-actions">
          <button
            type="button"
            className="quiet"
            aria-label={`${metric} as CSV`}
            onClick={() => void downloadCsv(`${metric}.csv`, CSV_NAMES, csvRows(metric, unit, series))}
          >
            CSV
          </button>
        </span>
      </header>
      <Chart
        height={HEIGHT}
        label={`${metric} in ${unit} over time: ${drawn.map(({ name }) => name).join(', ')}. The figures are in the table below.`}
        option={option}
        onBrush={onBrush}
      />
      <p className="chart-note">{note.join(' ').trim()}</p>
      <div className="legend" role="group" aria-label={`Series of ${metric}`}>
        {drawn.map((each) => (
          <LegendEntry
            key={each.key}
            series={each}
            unit={unit}
            isShown={!hidden.has(each.key)}
            onToggle={() => toggle(each.key)}
          />
        ))}
      </div>
    </section>
  );
}

interface LegendEntryProps {
  readonly series: Series;
  readonly unit: string;
  readonly isShown: boolean;
  readonly onToggle: () => void;
}

function LegendEntry({ series: { name, isBatch, color, points }, unit, isShown, onToggle }: LegendEntryProps) {
  const newest = points.findLast(({ average }) => average !== null);
  const least = points.reduce((low, { min }) => Math.min(low, min), Infinity);
  const most = points.reduce((high, { max }) => Math.max(high, max), -Infinity);
  const range = `${formatValue(least)} – ${formatValue(most)}`;
  return (
    <button type="button" aria-pressed={isShown} title={`Show or hide ${name}`} onClick={onToggle}>
      <span
        className={`swatch series-${color + 1} ${isBatch ? 'is-batch' : ''} ${newest ? '' : 'is-band'}`}
        aria-hidden="true"
      />
      <span className="legend-name">{name}</span>
      <span
        className="legend-value"
        title={`${newest ? 'Newest average' : 'No average delivered'}; range ${range} ${unit}`}
      >
        {newest ? formatValue(newest.average) : range}
      </span>
    </button>
  );
}

const CSV_NAMES = ['time', 'series', 'metric', 'unit', 'average', 'minimum', 'maximum', 'samples'];

function csvRows(metric: string, unit: string, series: readonly Series[]) {
  return series.flatMap(({ name, points }) =>
    points.map(({ timeMs, average, min, max, samples }) => [
      new Date(timeMs).toISOString(),
      name,
      metric,
      unit,
      average,
      min,
      max,
      samples,
    ]),
  );
}
