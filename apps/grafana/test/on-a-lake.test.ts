import { expandForAthena, expandForDuckDb, resolveVariables, type VariableValues } from '@pulselake/dashboards';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { smallLake, type SmallLake } from './support/small-lake.js';
import { SHOWN } from './support/panels-of.js';

const VIEW = {
  fromMs: Date.parse('2024-03-01T09:00:00Z'),
  toMs: Date.parse('2024-03-01T15:00:00Z'),
  intervalMs: 3_600_000,
};

let lake: SmallLake;
beforeAll(async () => {
  lake = await smallLake();
});
afterAll(() => {
  lake.close();
});

const DAYS: Record<string, VariableValues> = {
  'pulselake-traffic': { day: ['2024-03-01'], compareDay: ['2024-02-29'] },
};

const rowsOf = async (uid: string, title: string, refId: string) => {
  const found = SHOWN.find(({ json }) => json.uid === uid);
  const sql = found?.panels
    .find((panel) => panel.type !== 'row' && panel.title === title)
    ?.targets?.find((target) => target.refId === refId)?.rawSQL;
  if (found === undefined || sql === undefined) throw new Error(`there is no ${uid}/${title}/${refId}`);
  const context = { ...VIEW, variables: resolveVariables(found.definition, DAYS[uid] ?? {}) };
  expandForAthena(sql, context);
  return lake.rowsOf(expandForDuckDb(sql, context));
};

const EVERY_QUERY = SHOWN.flatMap(({ json, panels }) =>
  panels.flatMap(({ title, targets = [] }) => targets.map(({ refId }) => [json.uid, title, refId] as const)),
);

describe('on a known lake', () => {
  it.each(EVERY_QUERY)('%s, %s, %s has rows', async (uid, title, refId) => {
    expect((await rowsOf(uid, title, refId)).length).toBeGreaterThan(0);
  });

  it('ends every edge at a node', async () => {
    const nodes = await rowsOf('pulselake-traffic', 'Service map', 'nodes');
    const edges = await rowsOf('pulselake-traffic', 'Service map', 'edges');
    expect(nodes.map(({ id }) => id)).toEqual(
      expect.arrayContaining(edges.flatMap(({ source, target }) => [source, target])),
    );
    expect(edges[0]).toMatchObject({ id: 'aa', mainstat: '100', secondarystat: 0.05, color: '#e02f44', thickness: 8 });
    expect(nodes.find(({ id }) => id === 'order')).toMatchObject({ mainstat: '102', secondarystat: '42' });
  });

  it('numbers each series once, whatever its windows', async () => {
    const rows = await rowsOf('pulselake-metrics', 'Average, minimum and maximum', 'series');
    const named = new Set(
      rows.map((row) =>
        [row['series'], row['component_name'], row['source']].map((cell) => JSON.stringify(cell)).join(),
      ),
    );
    expect([...named].sort()).toEqual([`"1","O'Hara <b>","batch"`, `"2","cart","batch"`, `"3","cart","stream"`]);
  });
});
