import type { Panel } from '@pulselake/dashboards';
import { PanelBuilder as BarChartBuilder } from '@grafana/grafana-foundation-sdk/barchart';
import { ReduceDataOptionsBuilder } from '@grafana/grafana-foundation-sdk/common';
import {
  ArcOptionBuilder,
  EdgeOptionsBuilder,
  NodeOptionsBuilder,
  PanelBuilder as NodeGraphBuilder,
} from '@grafana/grafana-foundation-sdk/nodegraph';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TableBuilder } from '@grafana/grafana-foundation-sdk/table';
import { athenaTarget } from './athena-target.js';
import { DATA_SOURCE } from './connection.js';
import { columnProperties } from './field-overrides.js';
import { grafanaUnit } from './grafana-unit.js';
import { legend, tooltip } from './legend.js';
import { barsOverTime, seriesPanel } from './series-panel.js';
import { labelNames, shownQuery } from './shown-query.js';

export interface Place {
  readonly id: number;
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** The panel of Grafana that shows `panel`. */
export function grafanaPanel(panel: Panel, { id, ...gridPos }: Place) {
  const queries = panel.queries.map((query) => shownQuery(panel, query));
  const builder = builderOf({ ...panel, queries })
    .id(id)
    .title(panel.title)
    .description(panel.description)
    .datasource(DATA_SOURCE)
    .unit(grafanaUnit(panel.unit))
    .gridPos(gridPos);
  for (const { refId, sql } of queries) builder.withTarget(athenaTarget(refId, sql));
  return builder;
}

function builderOf(panel: Panel) {
  const columns = panel.queries.flatMap((query) => query.columns);
  switch (panel.kind) {
    case 'timeseries':
      return seriesPanel(panel);
    case 'nodegraph':
      return new NodeGraphBuilder()
        .nodes(
          new NodeOptionsBuilder()
            .mainStatUnit('short')
            .secondaryStatUnit('short')
            .arcs([
              new ArcOptionBuilder().field('arc__failed').color('red'),
              new ArcOptionBuilder().field('arc__succeeded').color('green'),
            ]),
        )
        .edges(new EdgeOptionsBuilder().mainStatUnit('short').secondaryStatUnit('percentunit'));
    case 'table':
      return titled(new TableBuilder(), panel, true);
    case 'stat':
      return titled(
        new StatBuilder().reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).fields('/.*/')),
        panel,
        false,
      );
    case 'barchart':
      if (columns[0]?.unit === 'instant') return barsOverTime(panel);
      return bars(panel);
  }
}

function charted(builder: BarChartBuilder): BarChartBuilder {
  return builder.legend(legend()).tooltip(tooltip());
}

function bars(panel: Panel): BarChartBuilder {
  const columns = panel.queries[0]?.columns ?? [];
  const [row, column] = labelNames(columns);
  if (row !== undefined && column !== undefined) {
    const value = columns.find(({ unit }) => unit === 'count')?.name;
    return charted(new BarChartBuilder()).withTransformation({
      id: 'groupingToMatrix',
      options: { rowField: row, columnField: column, valueField: value, emptyValue: 'zero' },
    });
  }
  const others = columns.filter(({ unit }) => unit === 'share').map(({ name }) => name);
  return titled(charted(new BarChartBuilder()), panel, false)
    .xField(columns[0]?.title ?? '')
    .withTransformation({
      id: 'organize',
      options: { excludeByName: Object.fromEntries(others.map((name) => [name, true])) },
    });
}

/** Headings and units by the definition's columns; instants that come as text made times, which have a unit. */
function titled<B extends TableBuilder | StatBuilder | BarChartBuilder>(builder: B, panel: Panel, inTable: boolean): B {
  const columns = new Map(panel.queries.flatMap((query) => query.columns).map((column) => [column.name, column]));
  const instants = [...columns.values()].filter(({ unit }) => unit === 'instant');
  if (instants.length > 0) {
    builder.withTransformation({
      id: 'convertFieldType',
      options: {
        fields: {},
        conversions: instants.map(({ name }) => ({ targetField: name, destinationType: 'time' })),
      },
    });
  }
  for (const column of columns.values()) builder.overrideByName(column.name, columnProperties(column, inTable));
  return builder;
}
