import type { PanelAnswer } from '../api/ask.js';
import { formatAge, formatDay, formatDayAndTime, plural, textOf } from '../shared/format.js';

interface Line {
  readonly name: string;
  readonly detail: string;
  readonly value: string;
  readonly title: string;
}

/** The newest window per source, the newest report, and the last run of each stage. */
export function FreshnessList({ queries }: { readonly queries: PanelAnswer['queries'] }) {
  const day = queries['reports']?.rows[0]?.['latest_day'];
  const lines: Line[] = [
    ...(queries['windows']?.rows ?? []).map((row) => ({
      name: `Windows · ${textOf(row['source'])}`,
      detail: plural(row['windows'] ?? 0, 'window'),
      value: formatAge(Date.parse(textOf(row['latest']))),
      title: `${formatDayAndTime(Date.parse(textOf(row['latest'])))} UTC`,
    })),
    ...(typeof day === 'string' ? [{ name: 'Traffic report', detail: '', value: formatDay(day), title: day }] : []),
    ...(queries['runs']?.rows ?? []).map((row) => {
      const finishedMs = row['last_finished'] === null ? NaN : Date.parse(textOf(row['last_finished']));
      return {
        name: textOf(row['stage']),
        detail: row['last_status'] === 'failed' ? 'last run failed' : plural(row['runs'] ?? 0, 'run'),
        value: Number.isNaN(finishedMs) ? 'running' : formatAge(finishedMs),
        title: Number.isNaN(finishedMs) ? '' : `${formatDayAndTime(finishedMs)} UTC`,
      };
    }),
  ];
  return (
    <ul className="service-metrics">
      {lines.map(({ name, detail, value, title }) => (
        <li key={name}>
          <span>
            {name}
            <small> {detail}</small>
          </span>
          <span className="metric-range" title={title}>
            {value}
          </span>
        </li>
      ))}
    </ul>
  );
}
