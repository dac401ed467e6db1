import { describe, expect, it } from 'vitest';
import { SHOWN } from './support/panels-of.js';

it('has no two dashboards of one uid', () => {
  expect(new Set(SHOWN.map(({ json }) => json.uid)).size).toBe(SHOWN.length);
});

describe.each(SHOWN)('$json.uid', ({ definition, json, panels, variables, sql }) => {
  const shown = panels.filter(({ type }) => type !== 'row');

  it('is as committed', async () => {
    await expect(`${JSON.stringify(json, undefined, 2)}\n`).toMatchFileSnapshot(`fixtures/${json.uid}.json`);
  });

  it('shows every panel of the definition, in order', () => {
    const titles = definition.rows.flatMap((row) => row.panels.map(({ title }) => title));
    expect(shown.map(({ title }) => title)).toEqual(titles);
  });

  it('gives every panel a unit, a description and queries of different refIds', () => {
    for (const { description, fieldConfig, targets = [] } of shown) {
      expect(description).toMatch(/\S/);
      expect(fieldConfig?.defaults.unit).toMatch(/\S/);
      expect(targets.length).toBeGreaterThan(0);
      expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
    }
  });

  it('has panels of different ids that do not overlap', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, index) => `${x + (index % w)}/${y + Math.floor(index / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
  });

  it('names the series of each chart below it', () => {
    for (const { options } of shown.filter(({ type }) => type === 'timeseries' || type === 'barchart')) {
      expect(options?.legend?.showLegend).toBe(true);
    }
  });

  it('has nodes and edges in each node graph', () => {
    for (const { targets = [] } of shown.filter(({ type }) => type === 'nodeGraph')) {
      expect(targets.map(({ refId }) => refId)).toEqual(['nodes', 'edges']);
    }
  });

  it('defines every variable that is used', () => {
    const used = sql.flatMap((text) => [...text.matchAll(/\$\{(\w+)/g)].map((match) => match[1]));
    expect(variables.map(({ name }) => name)).toEqual(expect.arrayContaining(used));
  });

  it('filters every query on the partition', () => {
    for (const text of sql) expect(text).toMatch(/\b(dt|report_date) (BETWEEN|=) /);
  });

  it('never takes the middle for an average', () => {
    for (const text of sql) expect(text).not.toMatch(/min\w*\W*\+\W*max[^/]*\/\s*2/i);
  });

  it('gives "all" with its quotes, as Grafana does not format it', () => {
    for (const { allValue } of variables) expect([undefined, `'__all'`]).toContain(allValue);
  });
});
