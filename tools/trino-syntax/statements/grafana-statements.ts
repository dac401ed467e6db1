import { DASHBOARDS, expandForAthena } from '@pulselake/dashboards';
import { grafanaDashboard } from '@pulselake/grafana';
import type { Statement } from './statement.js';
import { VIEWS } from './views.js';

/** What of a rendered dashboard holds SQL. */
interface Rendered {
  readonly panels: readonly {
    readonly title: string;
    readonly targets?: readonly { readonly refId: string; readonly rawSQL: string }[];
  }[];
  readonly templating: {
    readonly list: readonly { readonly name: string; readonly query: { readonly rawSQL: string } }[];
  };
}

/** Every query of the dashboards as they are rendered for Grafana, in every view. */
export function grafanaStatements(): Statement[] {
  return DASHBOARDS.flatMap((dashboard) => {
    const rendered = JSON.parse(JSON.stringify(grafanaDashboard(dashboard))) as Rendered;
    const queries = [
      ...rendered.templating.list.map(({ name, query }) => ({ name: `variable ${name}`, sql: query.rawSQL })),
      ...rendered.panels.flatMap(({ title, targets = [] }) =>
        targets.map(({ refId, rawSQL }) => ({ name: `panel ${title}/${refId}`, sql: rawSQL })),
      ),
    ];
    return VIEWS.flatMap(({ name: view, contextFor }) =>
      queries.map(({ name, sql }) => ({
        name: `grafana: ${dashboard.uid}, ${name}, ${view}`,
        sql: expandForAthena(sql, contextFor(dashboard)),
      })),
    );
  });
}
