import { rm } from 'node:fs/promises';
// eslint-disable-next-line @nx/enforce-module-boundaries -- only the command wants it late
import { AthenaQueryEngine } from '@pulselake/aws-clients';
import {
  ALL,
  DASHBOARDS,
  expandForAthena,
  expandForDuckDb,
  resolveVariables,
  type Dashboard,
  type QueryEngine,
  type QueryValue,
  type VariableValues,
  type ViewContext,
} from '@pulselake/dashboards';
import { DuckDbQueryEngine } from '@pulselake/lake';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Endpoint } from './support/endpoint.js';
import { sampleLake } from './support/sample-lake.js';

/** What may be chosen on each dashboard; values with quotes find nothing, and break nothing. */
const CHOICES: Readonly<Record<string, readonly VariableValues[]>> = {
  'pulselake-metrics': [
    {},
    { component: ['user-service', "O'Hara"], metric: [ALL], unit: [ALL] },
    { component: ["'; DROP VIEW x --", '${metric}', '$__timeFrom()', '\\'] },
  ],
  'pulselake-traffic': [
    {},
    { day: ['2024-03-01'], compareDay: ['2024-02-27'], service: ['order-service', 'a"b'] },
    { day: ["2024-02-29' OR '1'='1"] },
  ],
  'pulselake-health': [{}, { reason: ['malformed', "it's"] }],
};

const RANGES = {
  'a day': { fromMs: Date.parse('2024-02-29T00:00:00Z'), toMs: Date.parse('2024-02-29T23:59:59.999Z') },
  'ten years': { fromMs: Date.parse('2020-01-01T00:00:00Z'), toMs: Date.parse('2030-01-01T00:00:00Z') },
};
/** Fine and coarse, and one that Go prints with an exponent. */
const INTERVALS_MS = [300_000, 3_600_000, 30 * 86_400_000];

let folder: string;
let endpoint: Endpoint;
let direct: DuckDbQueryEngine;
let athena: QueryEngine;

beforeAll(async () => {
  const lake = await sampleLake();
  folder = lake.folder;
  direct = await DuckDbQueryEngine.open(lake.root);
  endpoint = await Endpoint.serve(lake.root);
  athena = new AthenaQueryEngine({
    client: endpoint.client,
    clock: () => Date.now(),
    database: 'pulselake',
    poll: { firstMs: 2, longestMs: 20 },
  });
});
afterAll(async () => {
  await athena.close();
  await endpoint.close();
  await direct.close();
  await rm(folder, { recursive: true });
});

const QUERIES = DASHBOARDS.flatMap((dashboard) => [
  ...dashboard.rows
    .flatMap(({ panels }) => panels)
    .flatMap(({ id, queries }) => queries.map(({ refId, sql }) => ({ name: `${id}/${refId}`, sql, dashboard }))),
  ...dashboard.variables.map(({ name, sql }) => ({ name: `variable ${name}`, sql, dashboard })),
]);

interface Answer {
  readonly names: readonly string[];
  readonly rows: readonly (readonly QueryValue[])[];
}

/** The answers of both for each choice: the engine's own first. */
const answersOf = async (dashboard: Dashboard, sql: string, view: Omit<ViewContext, 'variables'>) => {
  const answers: [direct: Answer, athena: Answer][] = [];
  for (const choice of CHOICES[dashboard.uid] ?? []) {
    const context = { ...view, variables: resolveVariables(dashboard, choice) };
    const both = [
      await direct.query(expandForDuckDb(sql, context)),
      await athena.query(expandForAthena(sql, context)),
    ].map(({ columns, rows }) => ({ names: columns.map(({ name }) => name), rows }));
    answers.push([both[0]!, both[1]!]);
  }
  return answers;
};

/** Equal but for the last bits of sums, which depend on the order in which threads come to their parts. */
const expectSame = (answers: readonly [Answer, Answer][]) => {
  for (const [expected, found] of answers) {
    const close = expected.rows.map((row, at) => row.map((value, column) => nearest(value, found.rows[at]?.[column])));
    expect(found).toEqual({ ...expected, rows: close });
  }
};

const nearest = (expected: QueryValue, found: QueryValue | undefined) =>
  typeof expected === 'number' && typeof found === 'number' && Math.abs(found - expected) <= 1e-12 * Math.abs(expected)
    ? found
    : expected;

describe('through the endpoint, with the macros as the plugin expands them', () => {
  describe.each(Object.entries(RANGES))('over %s', (_, range) => {
    it.each(QUERIES)('$dashboard.uid $name has the rows of the engine itself', async ({ sql, dashboard }) => {
      const answers = await answersOf(dashboard, sql, { ...range, intervalMs: 3_600_000 });
      expectSame(answers);
      const rows = answers.reduce((sum, [expected]) => sum + expected.rows.length, 0);
      if (range === RANGES['ten years']) expect(rows).toBeGreaterThan(0);
    });
  });

  it.each(INTERVALS_MS)('times are grouped alike in steps of %i ms', async (intervalMs) => {
    const { dashboard, sql } = QUERIES.find(({ name }) => name === 'series/series')!;
    const answers = await answersOf(dashboard, sql, { ...RANGES['ten years'], intervalMs });
    expectSame(answers);
    expect(answers[0]![0].rows.length).toBeGreaterThan(0);
  });
});
