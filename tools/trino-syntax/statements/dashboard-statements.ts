import { DASHBOARDS, DATA_EXTENT_SQL, expandForAthena, type Dashboard } from '@pulselake/dashboards';
import type { Statement } from './statement.js';
import { VIEWS } from './views.js';

/** Every query of every panel and variable as it is defined, in every view, and those that ask for the data's extent. */
export function dashboardStatements(): Statement[] {
  return [
    ...DASHBOARDS.flatMap((dashboard) =>
      VIEWS.flatMap(({ name: view, contextFor }) =>
        queriesOf(dashboard).map(({ name, sql }) => ({
          name: `dashboards: ${dashboard.uid}, ${name}, ${view}`,
          sql: expandForAthena(sql, contextFor(dashboard)),
        })),
      ),
    ),
    ...Object.entries(DATA_EXTENT_SQL).map(([uid, sql]) => ({ name: `extent: ${uid}`, sql })),
  ];
}

function queriesOf({ variables, rows }: Dashboard): Statement[] {
  return [
    ...variables.map(({ name, sql }) => ({ name: `variable ${name}`, sql })),
    ...rows.flatMap(({ panels }) =>
      panels.flatMap(({ id, queries }) => queries.map(({ refId, sql }) => ({ name: `panel ${id}/${refId}`, sql }))),
    ),
  ];
}
