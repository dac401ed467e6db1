import type { PanelRows, Row } from '../api/ask.js';
import { DataTable, type TableColumn } from '../shared/data-table.js';
import { formatDayAndTime, formatDuration, textOf } from '../shared/format.js';

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

interface RunsTableProps {
  readonly title: string;
  readonly runs: PanelRows;
}

/** The runs of the range, the newest first. */
export function RunsTable({ title, runs: { columns, rows } }: RunsTableProps) {
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
    <DataTable
      id="runs"
      caption={title}
      columns={first ? [first, TOOK, ...rest] : []}
      rows={timed}
      sort={{ name: 'started_at', descending: true }}
      filters
      file="runs.csv"
    />
  );
}
