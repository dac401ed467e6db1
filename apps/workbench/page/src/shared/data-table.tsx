import type { PanelColumn } from '@pulselake/dashboards';
import { type ReactNode, useState } from 'react';
import type { Row } from '../api/ask.js';
import { downloadCsv } from './download-csv.js';
import { formatCell, isNumeric, plural } from './format.js';
import { useTableState } from '../state/use-table-state.js';
import { comparison, type Order } from './row-order.js';

const FIRST_ROWS = 100;

export interface TableColumn extends PanelColumn {
  /** Shows the cell otherwise than its unit says. */
  readonly render?: ((row: Row) => ReactNode) | undefined;
  /** Whether long texts take several lines. */
  readonly wraps?: boolean;
}

interface DataTableProps {
  /** Names the table in the address. */
  readonly id: string;
  readonly caption: string;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly Row[];
  readonly sort?: Order;
  readonly empty?: string;
  /** Offers a field that keeps the rows in which a text occurs. */
  readonly filters?: boolean;
  /** Name of the file for the rows as CSV; without it none is offered. */
  readonly file?: string;
}

/** A table that can be sorted by any column, filtered, and taken along as CSV. */
export function DataTable({
  id,
  caption,
  columns,
  rows,
  sort,
  empty = 'Nothing to show.',
  filters,
  file,
}: DataTableProps) {
  const { order, filter, setOrder, setFilter } = useTableState(id, sort);
  const [shown, setShown] = useState(FIRST_ROWS);
  const found = filter === '' ? rows : rows.filter((row) => holds(row, columns, filter.toLowerCase()));
  const sorted = order ? [...found].sort(comparison(order, columns)) : found;
  const sortBy = ({ name, unit }: TableColumn) =>
    setOrder({ name, descending: order?.name === name ? !order.descending : isNumeric(unit) });
  const names = columns.map(({ name }) => name);
  return (
    <>
      {(filters === true || file !== undefined) && (
        <div className="table-tools">
          {filters === true && (
            <input
              type="search"
              placeholder="Filter …"
              aria-label={`Filter ${caption}`}
              value={filter}
              onChange={(event) => setFilter(event.target.value)}
            />
          )}
          {filter !== '' && <span className="muted">{plural(found.length, 'row')}</span>}
          {file !== undefined && rows.length > 0 && (
            <button
              type="button"
              className="quiet"
              onClick={() =>
                void downloadCsv(
                  file,
                  names,
                  sorted.map((row) => names.map((name) => row[name] ?? null)),
                )
              }
            >
              CSV
            </button>
          )}
        </div>
      )}
      <div className="table-box" tabIndex={0} role="region" aria-label={`Table: ${caption}`}>
        <table>
          <caption className="hidden">{caption}</caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <th
                  key={column.name}
                  scope="col"
                  className={isNumeric(column.unit) ? 'number' : ''}
                  aria-sort={order?.name === column.name ? (order.descending ? 'descending' : 'ascending') : undefined}
                >
                  <button type="button" onClick={() => sortBy(column)}>
                    {column.title}
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {sorted.slice(0, shown).map((row, index) => (
              <tr key={index}>
                {columns.map((column) => (
                  <Cell key={column.name} row={row} column={column} />
                ))}
              </tr>
            ))}
            {sorted.length === 0 && (
              <tr>
                <td className="none" colSpan={columns.length}>
                  {filter === '' ? empty : 'No row matches the filter.'}
                </td>
              </tr>
            )}
          </tbody>
        </table>
        {sorted.length > shown && (
          <button type="button" className="quiet" onClick={() => setShown(Infinity)}>
            Show all {plural(sorted.length, 'row')}
          </button>
        )}
      </div>
    </>
  );
}

function Cell({ row, column: { name, unit, render, wraps } }: { readonly row: Row; readonly column: TableColumn }) {
  const kind = isNumeric(unit) ? 'number' : '';
  if (render) return <td className={kind}>{render(row)}</td>;
  const text = formatCell(row[name], unit);
  if (kind !== '') return <td className={kind}>{text}</td>;
  if (unit === 'instant' || unit === 'day') return <td className="instant">{text}</td>;
  return wraps === true ? (
    <td>{text}</td>
  ) : (
    <td className="name" title={text}>
      {text}
    </td>
  );
}

function holds(row: Row, columns: readonly TableColumn[], wanted: string): boolean {
  return columns.some(({ name, unit }) => formatCell(row[name], unit).toLowerCase().includes(wanted));
}
