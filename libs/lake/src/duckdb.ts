import type * as DuckDb from '@duckdb/node-api';

type DuckDbModule = Omit<typeof DuckDb, 'default'>;

let loaded: DuckDbModule | undefined;

/** Loads DuckDB, once: that takes as long as all the rest of a short command, and many commands do without. */
export async function loadDuckDb(): Promise<DuckDbModule> {
  // Not the module itself: bundled, it has no names of its own, as it is CommonJS.
  return (loaded ??= (await import('@duckdb/node-api')).default);
}

/** DuckDB's classes, for whoever has been given one of its objects: it is loaded then. */
export function duckDb(): DuckDbModule {
  if (!loaded) throw new Error('DuckDB was not loaded; this is a bug in pulselake.');
  return loaded;
}
