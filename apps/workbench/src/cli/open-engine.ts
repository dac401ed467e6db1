import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pid } from 'node:process';
import { DuckDbQueryEngine, type DuckDbQueryEngineOptions } from '@pulselake/lake';

/** The SQL engine of a lake; what does not fit into memory goes to the system's temporary folder and is removed. */
export function openEngine(root: string, options: DuckDbQueryEngineOptions = {}): Promise<DuckDbQueryEngine> {
  return DuckDbQueryEngine.open(root, { scratch: join(tmpdir(), `pulselake-query-${pid}`), ...options });
}
