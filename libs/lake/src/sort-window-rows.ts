import type { WindowRowColumns } from './window-row-buffer.js';

/** The columns that say in which order rows come. */
type SortedBy = Pick<WindowRowColumns, 'day' | 'fromMs' | 'durationMs' | 'revision'>;

/** What rows are sorted by, before their times. */
export interface RowGroups {
  /** How many rows the columns hold. */
  readonly rows: number;
  /** Of each row, the rank of its series. */
  readonly rank: Int32Array;
  /** Ranks are below this. */
  readonly ranks: number;
  readonly days: number;
}

/**
 * The order of rows by day, series, start, end and revision, as indices of rows. Pure.
 *
 * Rows mostly come in order of time: counting puts them by series and day, and only what is not in order then is compared.
 */
export function sortWindowRows(columns: SortedBy, { rows, rank, ranks, days }: RowGroups): Uint32Array {
  const { day, fromMs, durationMs, revision } = columns;
  let order = new Uint32Array(rows);
  for (let row = 0; row < rows; row++) order[row] = row;
  order = stableOrder(order, rank, ranks);
  if (days > 1) order = stableOrder(order, day, days);
  const compare = (a: number, b: number) =>
    fromMs[a]! - fromMs[b]! || durationMs[a]! - durationMs[b]! || revision[a]! - revision[b]!;
  let start = 0;
  let sorted = true;
  for (let at = 1; at <= rows; at++) {
    const before = order[at - 1]!;
    const row = order[at];
    if (row !== undefined && rank[row] === rank[before] && day[row] === day[before]) {
      sorted &&= compare(before, row) <= 0;
      continue;
    }
    if (!sorted) order.subarray(start, at).sort(compare);
    start = at;
    sorted = true;
  }
  return order;
}

/** Orders rows by a small key, and leaves those of the same key in the order they have. */
function stableOrder(order: Uint32Array, keys: Int32Array, keyCount: number): Uint32Array<ArrayBuffer> {
  const next = new Uint32Array(keyCount + 1);
  for (let at = 0; at < order.length; at++) next[keys[order[at]!]! + 1]!++;
  for (let key = 1; key <= keyCount; key++) next[key]! += next[key - 1]!;
  const sorted = new Uint32Array(order.length);
  for (let at = 0; at < order.length; at++) {
    const row = order[at]!;
    sorted[next[keys[row]!]!++] = row;
  }
  return sorted;
}
