import type { PanelAnswer, PanelRows, Row } from '../api/ask.js';
import { type FigureItem, Figures } from '../shared/card.js';
import { DataTable } from '../shared/data-table.js';
import { formatCount, formatDay, formatShare, plural, textOf } from '../shared/format.js';
import { changedMost, failureStep } from './traffic-model.js';

const number = (row: Row, name: string) => Number(row[name]);
const share = (row: Row) => (row['failure_share'] === null ? null : Number(row['failure_share']));

const FIGURES = ['total_requests', 'failed_requests', 'failure_share', 'services', 'pairs'];

/** The figures of the day, and what changed against the compared one, when it has a report. */
export function Totals({ queries }: { readonly queries: PanelAnswer['queries'] }) {
  const [day, services, compared] = [queries['day']!, queries['services']!, queries['compared']!.rows[0] ?? {}];
  const now = { ...day.rows[0], ...services.rows[0] };
  const before = number(compared, 'pairs') > 0 ? compared : undefined;
  const columns = [...day.columns, ...services.columns];
  const change = (name: string) => (before ? changeOf(number(now, name), number(before, name)) : '');
  const items: Readonly<Record<string, Partial<FigureItem>>> = {
    total_requests: { note: change('total_requests') },
    failed_requests: { note: change('failed_requests') },
    failure_share: {
      value: formatShare(share(now)),
      note: before ? `was ${formatShare(share(before))}` : '',
      tone: failureStep(share(now)) >= 2 ? 'is-bad' : '',
    },
    pairs: { note: before ? `were ${formatCount(before['pairs'])}` : '' },
  };
  return (
    <div className="card glance">
      <Figures
        items={FIGURES.map((name) => ({
          label: columns.find((column) => column.name === name)!.title,
          value: formatCount(now[name]),
          ...items[name],
        }))}
      />
    </div>
  );
}

function changeOf(now: number, before: number): string {
  if (now === before) return 'as before';
  const part =
    before === 0 ? '' : ` (${now > before ? '+' : '−'}${((Math.abs(now - before) / before) * 100).toFixed(1)} %)`;
  return `${signed(now - before)}${part}`;
}

function signed(value: number): string {
  return value === 0 ? '0' : `${value > 0 ? '+' : '−'}${formatCount(Math.abs(value))}`;
}

const LEGEND = ['under 0.5 %', 'under 2 %', 'under 5 %', 'under 15 %', '15 % and above'];

/** What the colours and widths of the map mean. */
export function MapLegend() {
  return (
    <div className="map-legend">
      <span>Failed:</span>
      {LEGEND.map((text, index) => (
        <span key={text} className="legend-plain">
          <span className={`swatch is-square fail-${index}`} />
          {text}
        </span>
      ))}
      <span className="legend-plain">Width: requests</span>
    </div>
  );
}

interface PairsProps {
  readonly title: string;
  readonly pairs: PanelRows;
  readonly compared: string;
}

/** Every pair of the day. */
export function PairsTable({ title, pairs: { columns, rows }, compared }: PairsProps) {
  const hidden =
    compared === ''
      ? ['compared_requests', 'compared_failure_share', 'change', 'presence']
      : ['compared_failure_share', 'presence'];
  const renderers: Readonly<Record<string, (row: Row) => React.ReactNode>> = {
    failure_share: (row) => (
      <span className="share">
        <span className={`dot fail-${failureStep(share(row))}`} aria-hidden="true" />
        {formatShare(share(row))}
      </span>
    ),
    change: (row) =>
      row['change'] === null ? '–' : row['presence'] === 'new' ? <Presence of="new" /> : signed(number(row, 'change')),
  };
  return (
    <DataTable
      id="pairs"
      caption={title}
      columns={columns
        .filter(({ name }) => !hidden.includes(name))
        .map((column) => ({ ...column, render: renderers[column.name] }))}
      rows={rows}
      sort={{ name: 'total_requests', descending: true }}
      filters
      file="pairs.csv"
    />
  );
}

interface ChangesProps extends Omit<PairsProps, 'title'> {
  /** The pairs of one of the two days only. */
  readonly changes: readonly Row[];
}

/** What appeared, vanished and changed most against the compared day. */
export function Changes({ pairs, changes, compared }: ChangesProps) {
  const isKnown = pairs.rows.some(({ presence }) => presence !== null);
  const most = changedMost(pairs.rows);
  return (
    <>
      {!isKnown && <p className="muted card-text">There is no report for {formatDay(compared)}.</p>}
      {isKnown && changes.length === 0 && <p className="muted card-text">The same pairs on both days.</p>}
      <ul className="changes">
        {changes.map((row) => (
          <li key={`${textOf(row['source'])}\0${textOf(row['target'])}`}>
            <Presence of={textOf(row['presence'])} />
            <span className="pair">
              {textOf(row['source'])} → {textOf(row['target'])}
            </span>
            <span className="muted">
              {row['presence'] === 'new'
                ? plural(row['total_requests'] ?? 0, 'request')
                : `had ${plural(row['compared_requests'] ?? 0, 'request')}`}
            </span>
          </li>
        ))}
      </ul>
      {most.length > 0 && (
        <>
          <h3>Changed most</h3>
          <ul className="changes">
            {most.map((row) => (
              <li key={`${textOf(row['source'])}\0${textOf(row['target'])}`}>
                <span className={`badge ${number(row, 'change') > 0 ? 'is-more' : 'is-less'}`}>
                  {signed(number(row, 'change'))}
                </span>
                <span className="pair">
                  {textOf(row['source'])} → {textOf(row['target'])}
                </span>
                <span className="muted">
                  {formatCount(row['compared_requests'])} → {plural(row['total_requests'] ?? 0, 'request')}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

function Presence({ of }: { readonly of: string }) {
  return <span className={`badge is-${of}`}>{of}</span>;
}
