import type { PanelColumn } from '@pulselake/dashboards';
import type { Row } from '../api/ask.js';
import { formatCell, isNumeric } from './format.js';

/** By which column rows are ordered, and which way. */
export interface Order {
  readonly name: string;
  readonly descending: boolean;
}

/** Rows without a value come last, whichever way it is sorted. */
export function comparison(
  { name, descending }: Order,
  columns: readonly PanelColumn[],
): (one: Row, other: Row) => number {
  const unit = columns.find((column) => column.name === name)?.unit;
  const numeric = unit !== undefined && isNumeric(unit);
  return (one, other) => {
    const [a, b] = [one[name] ?? null, other[name] ?? null];
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    const compared = numeric ? Number(a) - Number(b) : formatCell(a, 'text').localeCompare(formatCell(b, 'text'));
    return descending ? -compared : compared;
  };
}
