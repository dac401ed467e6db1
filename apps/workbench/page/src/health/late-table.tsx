import type { PanelRows, Row } from '../api/ask.js';
import { DataTable } from '../shared/data-table.js';
import { RawRecord } from './raw-record.js';

const HIDDEN = ['run_id', 'stage'];

const RENDERERS: Readonly<Record<string, (row: Row) => React.ReactNode>> = {
  raw: ({ raw }) => <RawRecord raw={raw} />,
};

interface LateTableProps {
  readonly id: string;
  readonly title: string;
  readonly of: PanelRows;
  readonly file: string;
}

/** What came late: windows written again, or events that found their window gone. */
export function LateTable({ id, title, of: { columns, rows }, file }: LateTableProps) {
  return (
    <DataTable
      id={id}
      caption={title}
      columns={columns
        .filter(({ name }) => !HIDDEN.includes(name))
        .map((column) => ({ ...column, render: RENDERERS[column.name] }))}
      rows={rows}
      filters
      file={file}
    />
  );
}
