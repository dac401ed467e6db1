import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  DASHBOARDS,
  expandForDuckDb,
  resolveVariables,
  type QueryEngine,
  type VariableValues,
} from '@pulselake/dashboards';
import { DuckDbQueryEngine } from '@pulselake/lake';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { call } from '../cli/support/records.js';
import { makeFolder, SmallLake } from '../cli/support/small-lake.js';

const DAYS = ['2024-05-27', '2024-05-28', '2024-05-29', '2024-05-30', '2024-05-31'];
const LOOKED_AT = '2024-05-29';

let folder: string;
let plain: DuckDbQueryEngine;
let settled: DuckDbQueryEngine;

beforeAll(async () => {
  folder = await makeFolder();
  const lake = new SmallLake(join(folder, 'lake'));
  const header = 'componentName,metricName,unit,minValue,maxValue,fromTimestamp,toTimestamp';
  const rows = DAYS.map((day) => `cart,latency,ms,1,2,${day}T10:00:00Z,${day}T10:05:00Z`);
  const csv = join(folder, 'metrics.csv');
  await writeFile(csv, [header, ...rows, 'broken'].join('\n'));
  const log = join(folder, 'order-service-2024-05-29.txt');
  await writeFile(log, DAYS.map((day) => call({ at: `${day}T10:00:00Z` })).join('\n'));
  await lake.ingest(['metrics', csv]);
  await lake.ingest(['logs', log]);
  plain = await DuckDbQueryEngine.open(lake.root);
  settled = await DuckDbQueryEngine.open(lake.root, { restMs: 0 });
  await settled.settleDays();
  expect(await settled.settleDays()).toBe(DAYS.length);
});
afterAll(async () => {
  await plain.close();
  await settled.close();
  await rm(folder, { recursive: true });
});

const queries = DASHBOARDS.flatMap((dashboard) => [
  ...dashboard.variables.map(({ name, sql }) => [`${dashboard.uid} variable ${name}`, dashboard, sql] as const),
  ...dashboard.rows.flatMap((row) =>
    row.panels.flatMap((panel) =>
      panel.queries.map(({ refId, sql }) => [`${dashboard.uid} ${panel.id}/${refId}`, dashboard, sql] as const),
    ),
  ),
]);

/** Of each scan of a table: how many of its files are read, as the engine tells. */
async function filesRead(engine: QueryEngine, sql: string): Promise<number[]> {
  const { rows } = await engine.query(`EXPLAIN ANALYZE ${sql}`);
  const plan = rows[0]?.[1];
  if (typeof plan !== 'string') throw new Error('The engine explains nothing.');
  return [...plan.matchAll(/Total Files Read: (\d+)/g)].map(([, files]) => Number(files));
}

const LONG_AGO = { fromMs: Date.parse(`${LOOKED_AT}T00:00:00Z`), toMs: Date.parse(`${LOOKED_AT}T23:59:59Z`) };

describe.each([
  ['as it is', () => plain],
  ['with settled days', () => settled],
])('a view of one day, %s', (_, engine) => {
  test.each(queries)('%s reads one file of each table', async (_name, dashboard, sql) => {
    const variables: VariableValues = Object.fromEntries(
      dashboard.variables.flatMap(({ name }) =>
        name === 'day' ? [[name, [LOOKED_AT]]] : name === 'compareDay' ? [[name, ['2024-05-28']]] : [],
      ),
    );
    const view = { ...LONG_AGO, intervalMs: 300_000, variables: resolveVariables(dashboard, variables) };
    const read = await filesRead(engine(), expandForDuckDb(sql, view));
    for (const files of read) expect(files).toBeLessThanOrEqual(1);
    // The ledger and the rejects are of the day on which the test runs.
    if (dashboard.uid !== 'pulselake-health') expect(read).toContain(1);
  });

  test('the same without its filter on the day reads all of them', async () => {
    const read = await filesRead(engine(), 'SELECT count(component_name), max(max_value) FROM windowed_metrics');
    expect(read).toEqual([DAYS.length]);
  });
});
