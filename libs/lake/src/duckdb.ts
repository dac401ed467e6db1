import type * as DuckDb from '@duckdb/node-api';

let loaded: typeof DuckDb | undefined;

/** Loads DuckDB, once: that takes as long as all the rest of a short command, and many commands do without. */
export async function loadDuckDb(): Promise<typeof DuckDb> {
  return (loaded ??= await import('@duckdb/node-api'));
}

/** DuckDB's classes, for whoever has been given one of its objects: it is loaded then. */
export function duckDb(): typeof DuckDb {
  if (!loaded) throw new Error('DuckDB was not loaded; this is a bug in pulselake.');
  return loaded;
}
