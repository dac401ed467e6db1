import { textOf } from '../shared/format.js';
import type { PanelRows, Row } from '../api/ask.js';
import { Card } from '../shared/card.js';
import { DataTable } from '../shared/data-table.js';

const HIDDEN = ['run_id', 'stage'];

const RENDERERS: Readonly<Record<string, (row: Row) => React.ReactNode>> = {
  raw: ({ raw }) =>
    raw === null ? (
      <span className="muted">not kept</span>
    ) : (
      <code className="raw" title={textOf(raw)}>
        {textOf(raw)}
      </code>
    ),
  file: ({ file }) => (file === null ? '' : <span title={textOf(file)}>{textOf(file).split('/').at(-1)}</span>),
};

interface ExamplesCardProps {
  readonly examples: PanelRows;
  readonly chosen: readonly string[];
}

/** Rejected records as they came. */
export function ExamplesCard({ examples: { columns, rows }, chosen }: ExamplesCardProps) {
  if (rows.length === 0) return null;
  return (
    <Card title="Rejected records" note={chosen.length > 0 ? `only ${chosen.join(', ')}` : 'up to five of each reason'}>
      <DataTable
        caption="Rejected records"
        columns={columns
          .filter(({ name }) => !HIDDEN.includes(name))
          .map((column) => ({ ...column, render: RENDERERS[column.name], wraps: column.name === 'message' }))}
        rows={rows}
        filters
        file="rejected.csv"
      />
    </Card>
  );
}
