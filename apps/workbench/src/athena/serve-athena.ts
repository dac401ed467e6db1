import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TABLES, WINDOWED_METRICS_CURRENT } from '@pulselake/data-model';
import { DuckDbQueryEngine, type DuckDbQueryEngineOptions } from '@pulselake/lake';
import { listen } from '../server/listen.js';
import { keepSettlingDays } from '../server/settle-days.js';
import { createAthenaApp } from './create-athena-app.js';
import { CATALOG, DATABASE } from './execution.js';
import { QueryExecutions, type ExecutionLimits } from './query-executions.js';
import { TRINO_SETUP } from './trino-functions.js';

export interface ServeAthenaOptions {
  /** 0 lets the system choose. */
  readonly port: number;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Names besides those of loopback that programs may call the endpoint by. */
  readonly hosts?: readonly string[];
  readonly limits?: Partial<ExecutionLimits>;
  /** Told about faults of the server itself. */
  readonly onError?: (error: unknown) => void;
}

export interface ServedAthena {
  /** The address for `--endpoint` and for the `endpoint` of clients. */
  readonly url: string;
  /** Cancels all queries and frees the port. */
  close(): Promise<void>;
}

/** Most memory of all queries of the endpoint, beside that of the dashboard; what does not fit goes to the temporary folder. */
const MEMORY_LIMIT = '1GB';

/** Serves the Athena API on loopback for the lake in a folder. */
export async function serveAthena(root: string, options: ServeAthenaOptions): Promise<ServedAthena> {
  const { port, clock, limits = {}, hosts = [], onError = () => undefined } = options;
  const scratch = join(tmpdir(), `pulselake-athena-${randomUUID()}`);
  const engine = await openTrinoEngine(root, { scratch });
  const executions = new QueryExecutions({ engine, clock, newId: randomUUID, folder: tmpdir(), limits, onError });
  const stop = new AbortController();
  const settling = keepSettlingDays(engine, stop.signal);
  const close = async () => {
    stop.abort();
    await executions.close();
    await settling;
    await engine.close();
    await rm(scratch, { recursive: true, force: true });
  };
  try {
    const server = await listen({
      app: createAthenaApp({ executions, clock, newId: randomUUID, hosts, onError }),
      port,
    });
    return {
      url: server.url,
      close: async () => {
        await server.close();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The lake's engine with Trino's functions, and the tables under the names that queries for Athena give them. */
export function openTrinoEngine(
  root: string,
  options: Pick<DuckDbQueryEngineOptions, 'scratch'> = {},
): Promise<DuckDbQueryEngine> {
  const catalog = CATALOG.toLowerCase();
  const names = [
    ...TABLES.filter(({ internal }) => internal !== true).map(({ name }) => name),
    WINDOWED_METRICS_CURRENT,
  ];
  const schemas = [DATABASE, `${catalog}.${DATABASE}`];
  return DuckDbQueryEngine.open(root, {
    memoryLimit: MEMORY_LIMIT,
    ...options,
    schemas: [DATABASE],
    setup: [
      `ATTACH ':memory:' AS ${catalog}`,
      ...schemas.flatMap((schema) => [
        `CREATE SCHEMA ${schema}`,
        ...names.map((name) => `CREATE VIEW ${schema}.${name} AS FROM memory.main.${name}`),
      ]),
      ...TRINO_SETUP,
    ],
  });
}
