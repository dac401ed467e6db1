import type { PanelRows, Row } from '../api/ask.js';
import { Card } from '../shared/card.js';
import { DataTable, type TableColumn } from '../shared/data-table.js';
import { formatDayAndTime, formatDuration, plural, textOf } from '../shared/format.js';

const HIDDEN = ['finished_at', 'duplicate', 'external', 'out_of_range', 'unaccounted', 'run_id'];
const STATES = ['succeeded', 'failed', 'running'];

const RENDERERS: Readonly<Record<string, (row: Row) => React.ReactNode>> = {
  started_at: (row) => (
    <span className="instant" title={textOf(row['run_id'])}>
      {formatDayAndTime(Date.parse(textOf(row['started_at'])))}
    </span>
  ),
  status: (row) => {
    const status = textOf(row['status']);
    return <span className={`badge is-${STATES.includes(status) ? status : ''}`}>{status}</span>;
  },
  error: (row) =>
    row['error'] === null ? (
      ''
    ) : (
      <span className="error-text" title={textOf(row['error'])}>
        {textOf(row['error'])}
      </span>
    ),
};

const TOOK: TableColumn = {
  name: 'duration',
  title: 'Took',
  unit: 'milliseconds',
  render: ({ duration }) => (duration === null ? '' : formatDuration(Number(duration))),
};

/** The runs of the range, the newest first. */
export function RunsCard({ runs: { columns, rows } }: { readonly runs: PanelRows }) {
  const hasErrors = rows.some(({ error }) => error !== null);
  const [first, ...rest] = columns
    .filter(({ name }) => !HIDDEN.includes(name) && (hasErrors || name !== 'error'))
    .map((column) => ({ ...column, render: RENDERERS[column.name] }));
  const timed = rows.map((row) => ({
    ...row,
    duration:
      row['finished_at'] === null
        ? null
        : Date.parse(textOf(row['finished_at'])) - Date.parse(textOf(row['started_at'])),
  }));
  return (
    <Card title="Runs" note={`${plural(rows.length, 'run')}, newest first`}>
      <DataTable
        caption="Runs"
        columns={first ? [first, TOOK, ...rest] : []}
        rows={timed}
        sort={{ name: 'started_at', descending: true }}
        filters
        file="runs.csv"
      />
    </Card>
  );
}
