import { DASHBOARDS } from '@pulselake/dashboards';
import { grafanaDashboard } from '../../src/index.js';

interface ShownPanel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly refId: string; readonly rawSQL: string }[];
  readonly options?: { readonly legend?: { readonly showLegend: boolean } };
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string } };
}

/** Every dashboard as Grafana gets it, with its panels and the SQL of panels and variables. */
export const SHOWN = DASHBOARDS.map((definition) => {
  const json = JSON.parse(JSON.stringify(grafanaDashboard(definition))) as {
    uid: string;
    panels: ShownPanel[];
    templating: { list: { name: string; query: { rawSQL: string }; allValue?: string }[] };
  };
  const panels = json.panels;
  const variables = json.templating.list;
  return {
    definition,
    json,
    panels,
    variables,
    sql: [
      ...panels.flatMap(({ targets = [] }) => targets.map(({ rawSQL }) => rawSQL)),
      ...variables.map(({ query }) => query.rawSQL),
    ],
  };
});
