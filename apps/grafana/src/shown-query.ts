import type { Panel, PanelColumn, PanelQuery } from '@pulselake/dashboards';

/** Names every series by number, so that fixed settings can join its maximum to its minimum. */
export const SERIES_COLUMN = 'series';

/** A definition's query as a panel of Grafana asks it: wrapped where Grafana wants other names of columns. */
export function shownQuery(panel: Panel, query: PanelQuery): PanelQuery {
  if (panel.kind === 'nodegraph') return { ...query, sql: nodeGraphSql(query) };
  if (panel.kind === 'timeseries') return { ...query, sql: numberedSeriesSql(query) };
  if (panel.kind === 'stat') return distinctNames(panel, query);
  return query;
}

/**
 * Ordered anew: Trino keeps no order of a subquery, and Grafana places nodes in the order in which they come.
 *
 * @see https://grafana.com/docs/grafana/latest/panels-visualizations/visualizations/node-graph/#data-api
 */
function nodeGraphSql({ refId, sql }: PanelQuery): string {
  const fields =
    refId === 'nodes'
      ? [
          'id',
          'title',
          `CASE WHEN failed_requests > 0 THEN 'failures' ELSE '' END AS subtitle`,
          'incoming_requests AS mainstat',
          'outgoing_requests AS secondarystat',
          'coalesce(failure_share, 0) AS arc__failed',
          '1 - coalesce(failure_share, 0) AS arc__succeeded',
          'failed_requests AS detail__failed_requests',
        ]
      : [
          'id',
          'source',
          'target',
          'total_requests AS mainstat',
          'failure_share AS secondarystat',
          '1 + 7 * sqrt(CAST(total_requests AS DOUBLE) / nullif(max(total_requests) OVER (), 0)) AS thickness',
          `CASE WHEN failure_share >= 0.05 THEN '#e02f44' WHEN failure_share >= 0.01 THEN '#ff9830' ELSE '#73bf69' END AS color`,
          'failed_requests AS detail__failed_requests',
        ];
  return `SELECT\n${fields.map((field) => `  ${field}`).join(',\n')}\nFROM (\n${sql}\n) ${refId}\nORDER BY ${refId === 'nodes' ? 'id' : 'source, target'}`;
}

function numberedSeriesSql({ sql, columns }: PanelQuery): string {
  const labels = labelNames(columns).join(', ');
  return `SELECT\n  *,\n  CAST(dense_rank() OVER (ORDER BY ${labels}) AS VARCHAR) AS ${SERIES_COLUMN}\nFROM (\n${sql}\n) numbered\nORDER BY time, ${labels}`;
}

/** A stat of two queries with the same columns would show two numbers of one name. */
function distinctNames(panel: Panel, query: PanelQuery): PanelQuery {
  const taken = new Set(
    panel.queries.slice(0, panel.queries.indexOf(query)).flatMap(({ columns }) => columns.map(({ name }) => name)),
  );
  if (!query.columns.some(({ name }) => taken.has(name))) return query;
  const renamed = query.columns.map((column) => ({
    ...column,
    name: `${query.refId}_${column.name}`,
    title: `${column.title} (${query.refId})`,
  }));
  const list = query.columns.map(({ name }, index) => `  ${name} AS ${renamed[index]?.name ?? name}`).join(',\n');
  return { ...query, sql: `SELECT\n${list}\nFROM (\n${query.sql}\n) ${query.refId}`, columns: renamed };
}

/** Columns that tell series apart. */
export function labelNames(columns: readonly PanelColumn[]): readonly string[] {
  return columns.filter(({ unit }) => unit === 'text').map(({ name }) => name);
}
