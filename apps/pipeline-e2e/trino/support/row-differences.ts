import type { QueryValue } from '@pulselake/dashboards';

type Rows = readonly (readonly QueryValue[])[];

/** Most differences that are told. */
const MOST_TOLD = 5;

/** How two results differ that should be the same, in their order: numbers within 1e-9 of the larger. */
export function rowDifferences(duckDb: Rows, trino: Rows): string[] {
  const told: string[] = [];
  if (duckDb.length !== trino.length) told.push(`DuckDB has ${duckDb.length} rows, Trino ${trino.length}`);
  for (let at = 0; at < Math.min(duckDb.length, trino.length) && told.length < MOST_TOLD; at += 1) {
    const left = duckDb[at]!;
    const right = trino[at]!;
    if (left.length === right.length && left.every((value, column) => isSame(value, right[column]))) continue;
    told.push(`row ${at}: DuckDB ${JSON.stringify(left)}, Trino ${JSON.stringify(right)}`);
  }
  return told;
}

function isSame(one: QueryValue, other: QueryValue | undefined): boolean {
  if (typeof one === 'number' && typeof other === 'number') {
    return Math.abs(one - other) <= 1e-9 * Math.max(Math.abs(one), Math.abs(other));
  }
  return JSON.stringify(one) === JSON.stringify(other);
}
