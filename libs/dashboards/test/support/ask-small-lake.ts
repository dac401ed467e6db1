import { afterAll, beforeAll } from 'vitest';
import {
  expandForDuckDb,
  findDashboard,
  findPanel,
  resolveVariables,
  type Dashboard,
  type VariableValues,
} from '../../src/index.js';
import { smallLake, type SmallLake } from './small-lake.js';

/** The range most tests look at; one window and one run of the small lake lie just before it. */
export const NINE_TO_THREE = { fromMs: Date.parse('2024-03-01T09:00:00Z'), toMs: Date.parse('2024-03-01T15:00:00Z') };

export interface Asked {
  readonly variables?: VariableValues;
  readonly intervalMs?: number;
}

/** Asks panels and variables of a small lake that lives as long as the file's tests. */
export function askSmallLake() {
  let lake: SmallLake;
  beforeAll(async () => {
    lake = await smallLake();
  });
  afterAll(() => {
    lake.close();
  });

  const run = (dashboard: Dashboard, sql: string, { variables = {}, intervalMs = 3_600_000 }: Asked = {}) =>
    lake.rowsOf(
      expandForDuckDb(sql, { ...NINE_TO_THREE, intervalMs, variables: resolveVariables(dashboard, variables) }),
    );

  return {
    lake: () => lake,
    ask: async (uid: string, panelId: string, refId: string, asked?: Asked) => {
      const dashboard = findDashboard(uid);
      const query = dashboard && findPanel(dashboard, panelId)?.queries.find((candidate) => candidate.refId === refId);
      if (!dashboard || !query) throw new Error(`there is no ${uid}/${panelId}/${refId}`);
      return run(dashboard, query.sql, asked);
    },
    variable: async (uid: string, name: string, asked?: Asked) => {
      const dashboard = findDashboard(uid);
      const found = dashboard?.variables.find((candidate) => candidate.name === name);
      if (!dashboard || !found) throw new Error(`there is no ${uid} ${name}`);
      return (await run(dashboard, found.sql, asked)).map((row) => Object.values(row)[0]);
    },
  };
}
