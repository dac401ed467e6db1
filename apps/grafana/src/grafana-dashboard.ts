/* eslint-disable @typescript-eslint/no-deprecated -- its successor, the v2 model, is unknown to Grafana 10.4 to 12 */
import { ALL, type Dashboard, type DashboardVariable } from '@pulselake/dashboards';
import {
  DashboardBuilder,
  DashboardLinkBuilder,
  DashboardLinkType,
  QueryVariableBuilder,
  RowBuilder,
  VariableRefresh,
  type Dashboard as GrafanaDashboard,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { athenaTarget } from './athena-target.js';
import { DATA_SOURCE } from './connection.js';
import { grafanaPanel } from './grafana-panel.js';

/** That of Grafana 10.4; later ones migrate what they read. */
const OLDEST_SCHEMA = 39;

const TAG = 'pulselake';
const GRID_WIDTH = 24;
const HEIGHTS = { stat: 5, barchart: 9, table: 10, timeseries: 12, nodegraph: 16 } as const;

/** The dashboard as Grafana's classic JSON model, which 10.4 to 13 read. Plain data, always the same. */
export function grafanaDashboard(dashboard: Dashboard): GrafanaDashboard {
  const builder = new DashboardBuilder(dashboard.title)
    .uid(dashboard.uid)
    .description(dashboard.description)
    .tags([TAG])
    .timezone('utc')
    .time({ from: picksDays(dashboard) ? 'now-7d' : 'now-24h', to: 'now' })
    .refresh('5m')
    .link(
      new DashboardLinkBuilder('Pulselake')
        .type(DashboardLinkType.Dashboards)
        .tags([TAG])
        .asDropdown(false)
        .keepTime(true),
    );
  for (const variable of dashboard.variables) builder.withVariable(queryVariable(variable));
  let id = 1;
  let y = 0;
  for (const row of dashboard.rows) {
    builder.withRow(new RowBuilder(row.title).id(id).gridPos({ x: 0, y, w: GRID_WIDTH, h: 1 }));
    id += 1;
    y += 1;
    for (const panel of row.panels) {
      const h = HEIGHTS[panel.kind];
      builder.withPanel(grafanaPanel(panel, { id, x: 0, y, w: GRID_WIDTH, h }));
      id += 1;
      y += h;
    }
  }
  const built = builder.build();
  // The SDK moves links into a menu, where nobody looks for them.
  const links = built.links?.map((link) => ({ ...link, placement: undefined }));
  return JSON.parse(JSON.stringify({ ...built, links, schemaVersion: OLDEST_SCHEMA })) as GrafanaDashboard;
}

/** Whether a day is chosen out of those in the range; one day would leave nothing to compare it with. */
function picksDays({ variables }: Dashboard): boolean {
  return variables.some(({ includeAll }) => !includeAll);
}

/**
 * Grafana puts a custom "all" value into the SQL as it stands, without the format: hence the quotes.
 *
 * @see https://grafana.com/docs/grafana/latest/dashboards/variables/add-template-variables/#custom-all-value
 */
function queryVariable({ name, label, description, multi, includeAll, sql }: DashboardVariable): QueryVariableBuilder {
  const builder = new QueryVariableBuilder(name)
    .label(label)
    .description(description)
    .datasource(DATA_SOURCE)
    .query({ ...athenaTarget(name, sql).build() })
    .multi(multi)
    .includeAll(includeAll)
    .refresh(VariableRefresh.OnTimeRangeChanged);
  if (!includeAll) return builder;
  return builder
    .allValue(`'${ALL}'`)
    .current(multi ? { text: ['All'], value: ['$__all'] } : { text: 'All', value: '$__all' });
}
