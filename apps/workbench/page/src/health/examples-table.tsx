import type { PanelRows, Row } from '../api/ask.js';
import { DataTable } from '../shared/data-table.js';
import { textOf } from '../shared/format.js';
import { RawRecord } from './raw-record.js';

const HIDDEN = ['run_id', 'stage'];

const RENDERERS: Readonly<Record<string, (row: Row) => React.ReactNode>> = {
  raw: ({ raw }) => <RawRecord raw={raw} />,
  file: ({ file }) => (file === null ? '' : <span title={textOf(file)}>{textOf(file).split('/').at(-1)}</span>),
};

interface ExamplesTableProps {
  readonly title: string;
  readonly examples: PanelRows;
}

/** Rejected records as they came. */
export function ExamplesTable({ title, examples: { columns, rows } }: ExamplesTableProps) {
  return (
    <DataTable
      id="rejected-examples"
      caption={title}
      columns={columns
        .filter(({ name }) => !HIDDEN.includes(name))
        .map((column) => ({ ...column, render: RENDERERS[column.name], wraps: column.name === 'message' }))}
      rows={rows}
      filters
      file="rejected.csv"
    />
  );
}
