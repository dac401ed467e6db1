import type { Panel } from '@pulselake/dashboards';
import { GraphDrawStyle, StackingMode, StackingConfigBuilder } from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { grafanaUnitsOfData } from './grafana-unit.js';
import { legend, tooltip } from './legend.js';
import { labelNames, SERIES_COLUMN } from './shown-query.js';

/** Series that get a filled band; those beyond it have its two edges only. */
const MAX_BANDS = 24;

const NUMBERS_BESIDE = new Set(['sample_count', 'windows', 'longest_window_ms', 'windows_without_average']);

const partition = (fields: readonly string[]) => ({
  id: 'partitionByValues',
  options: { fields, keepFields: false, naming: { asLabels: true } },
});

const leaveOut = (names: readonly string[]) => ({
  id: 'organize',
  options: { excludeByName: Object.fromEntries(names.map((name) => [name, true])) },
});

/**
 * The average as a line within the band from minimum to maximum.
 *
 * Grafana fills from a series down to another by that one's *shown* name, which cannot hold labels in an override. So
 * a minimum is shown by its series' number, without a place in the legend, and each maximum points at its own.
 */
export function seriesPanel(panel: Panel): PanelBuilder {
  const [query] = panel.queries;
  const columns = query?.columns ?? [];
  const labels = labelNames(columns);
  const label = (name: string) => `\${__field.labels.${name}}`;
  const series = labels.map(label).join(' · ');
  const builder = new PanelBuilder()
    .drawStyle(GraphDrawStyle.Line)
    .legend(legend())
    .tooltip(tooltip())
    .spanNulls(false)
    .fillOpacity(0)
    .withTransformation(leaveOut(columns.map(({ name }) => name).filter((name) => NUMBERS_BESIDE.has(name))))
    .withTransformation(partition([...labels, SERIES_COLUMN]))
    .overrideByRegexp('/^avg_value/', [
      { id: 'displayName', value: series },
      { id: 'custom.lineWidth', value: 2 },
    ])
    .overrideByRegexp('/^min_value/', [
      { id: 'displayName', value: `Minimum ${label(SERIES_COLUMN)}` },
      { id: 'custom.lineWidth', value: 0 },
      { id: 'custom.hideFrom', value: { legend: true, tooltip: false, viz: false } },
    ])
    .overrideByRegexp('/^max_value/', [
      { id: 'displayName', value: `Maximum · ${series}` },
      { id: 'custom.lineWidth', value: 1 },
    ]);
  const unitColumn = typeof panel.unit === 'string' ? undefined : panel.unit.column;
  if (unitColumn !== undefined && labels.includes(unitColumn)) {
    for (const [written, unit] of grafanaUnitsOfData) {
      builder.overrideByRegexp(`/${unitColumn}="${written}"/`, [{ id: 'unit', value: unit }]);
    }
  }
  for (let number = 1; number <= MAX_BANDS; number += 1) {
    builder.overrideByRegexp(`/^max_value .*${SERIES_COLUMN}="${number}"/`, [
      { id: 'custom.fillBelowTo', value: `Minimum ${number}` },
      { id: 'custom.fillOpacity', value: 15 },
    ]);
  }
  return builder;
}

/** Counts over time as stacked bars, one colour per label. */
export function barsOverTime(panel: Panel): PanelBuilder {
  const columns = panel.queries[0]?.columns ?? [];
  return new PanelBuilder()
    .drawStyle(GraphDrawStyle.Bars)
    .legend(legend())
    .tooltip(tooltip())
    .fillOpacity(70)
    .stacking(new StackingConfigBuilder().mode(StackingMode.Normal))
    .withTransformation(leaveOut(columns.map(({ name }) => name).filter((name) => NUMBERS_BESIDE.has(name))))
    .withTransformation(partition(labelNames(columns)))
    .displayName(
      labelNames(columns)
        .map((name) => `\${__field.labels.${name}}`)
        .join(' · '),
    );
}
