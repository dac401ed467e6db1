import { expect, test } from 'vitest';
import { DASHBOARDS, findDashboard, findPanel, type Unit } from '../src/index.js';

const panels = DASHBOARDS.flatMap((dashboard) => dashboard.rows.flatMap((row) => row.panels));
const queries = DASHBOARDS.flatMap((dashboard) => [
  ...dashboard.variables.map(({ name, sql }) => [`${dashboard.uid} variable ${name}`, sql] as const),
  ...dashboard.rows.flatMap((row) =>
    row.panels.flatMap((panel) =>
      panel.queries.map(({ refId, sql }) => [`${dashboard.uid} ${panel.id}/${refId}`, sql] as const),
    ),
  ),
]);
const duplicates = (names: readonly string[]) => names.filter((name, index) => names.indexOf(name) !== index);

test('uids are unique, and panel ids within a dashboard, and refIds within a panel', () => {
  expect(duplicates(DASHBOARDS.map(({ uid }) => uid))).toEqual([]);
  for (const { rows } of DASHBOARDS) {
    expect(duplicates(rows.flatMap((row) => row.panels.map(({ id }) => id)))).toEqual([]);
  }
  for (const panel of panels) expect(duplicates(panel.queries.map(({ refId }) => refId))).toEqual([]);
});

test('uids stay what they were, since they are part of addresses', () => {
  expect(DASHBOARDS.map(({ uid }) => uid)).toEqual(['pulselake-metrics', 'pulselake-traffic', 'pulselake-health']);
});

test.each(panels.map((panel) => [panel.id, panel] as const))(
  'the panel %s has a title, a description, a unit and queries',
  (_, panel) => {
    expect(panel.title).toMatch(/\S/);
    expect(panel.description).toMatch(/\w.*\.$/);
    expect(panel.queries.length).toBeGreaterThan(0);
    const columnNames = panel.queries.flatMap((query) => query.columns.map(({ name }) => name));
    const isKnown = (unit: Unit) =>
      typeof unit === 'string'
        ? ['count', 'share', 'milliseconds', 'instant', 'day', 'text'].includes(unit)
        : columnNames.includes(unit.column);
    expect(isKnown(panel.unit)).toBe(true);
    for (const query of panel.queries) {
      expect(query.columns.filter(({ unit }) => !isKnown(unit))).toEqual([]);
    }
  },
);

test.each(queries)('%s filters every table it reads on its partition column', (_, sql) => {
  const reads = sql.match(
    /\b(?:FROM|JOIN) (?:windowed_metrics|windowed_metrics_current|traffic_reports|pipeline_runs|rejected_records)\b/g,
  );
  const filters = sql.match(
    /\b(?:dt|report_date) (?:BETWEEN \$__rawTimeFrom\('yyyy-MM-dd'\) AND \$__rawTimeTo\('yyyy-MM-dd'\)|= \$\{(?:day|compareDay):sqlstring\})/g,
  );
  expect(reads?.length).toBeGreaterThan(0);
  expect(filters?.length).toBe(reads?.length);
});

test.each(queries)('%s never makes an average from minimum and maximum', (_, sql) => {
  expect(sql).not.toMatch(/\/\s*2\b|\bavg\s*\(/i);
});

test.each(queries)('%s uses only variables of its dashboard', (name, sql) => {
  const dashboard = findDashboard(name.split(' ')[0] ?? '');
  const used = [...sql.matchAll(/\$\{(\w+)/g)].map(([, variable]) => variable);
  const known = dashboard?.variables.map((variable) => variable.name) ?? [];
  expect(used.filter((variable) => variable === undefined || !known.includes(variable))).toEqual([]);
});

test('a node graph has nodes and edges', () => {
  for (const panel of panels.filter(({ kind }) => kind === 'nodegraph')) {
    expect(panel.queries.map(({ refId }) => refId)).toEqual(['nodes', 'edges']);
  }
});

test('fails to find what is not there', () => {
  const [first] = DASHBOARDS;
  expect(findDashboard('other')).toBeUndefined();
  expect(first && findPanel(first, 'other')).toBeUndefined();
});
