import { endsOf, navigate } from './address.js';
import { askPanel, askVariable } from './api.js';
import { card, el, figures } from './dom.js';
import { emptyNotice } from './empty.js';
import { formatAge, formatCount, formatDayAndTime, plural } from './format.js';
import { metricChart } from './metric-chart.js';
import { picker } from './picker.js';
import { rangeBar } from './range-bar.js';
import { samplesChart } from './samples-chart.js';
import { sortableTable } from './table.js';

const UID = 'pulselake-metrics';
const MAX_CHARTS = 12;
const MAX_SERIES = 8;
const POINTS = 300;

/** The view of windowed metrics. */
export function createMetricsView() {
  const range = rangeBar();
  const pickers = {
    component: picker({ label: 'Component', onChange: (component) => navigate({ component }) }),
    metric: picker({ label: 'Metric', onChange: (metric) => navigate({ metric }) }),
    unit: picker({ label: 'Unit', onChange: (unit) => navigate({ unit }) }),
  };
  const glance = el('div', { class: 'card glance' });
  const grid = el('div', { class: 'grid' });
  const rest = el('div');
  const summary = el('div', { class: 'stack' });
  const samples = samplesChart();
  const content = el('div', { class: 'stack', hidden: true }, glance, grid, rest, samples.element, summary);
  const notice = el('div', { hidden: true });
  let charts = new Map();
  let shownCharts = MAX_CHARTS;

  async function update(state, signal) {
    const ends = endsOf(state.range);
    const chosen = { component: state.component, metric: state.metric, unit: state.unit };
    range.update(state.range);
    const request = { uid: UID, ...ends, variables: withoutEmpty(chosen), signal };
    const [components, metrics, units, overview, series, sampled, whole] = await Promise.all([
      askVariable({ ...request, variables: {}, name: 'component' }),
      askVariable({ ...request, name: 'metric' }),
      askVariable({ ...request, name: 'unit' }),
      askPanel({ ...request, panel: 'overview' }),
      askPanel({ ...request, panel: 'series', points: POINTS }),
      askPanel({ ...request, panel: 'samples', points: 120 }),
      askPanel({ ...request, panel: 'summary' }),
    ]);
    pickers.component.update({ values: components, chosen: state.component });
    pickers.metric.update({ values: metrics, chosen: state.metric });
    pickers.unit.update({ values: units, chosen: state.unit });
    const isEmpty = series.series.rows.length === 0;
    content.hidden = isEmpty;
    notice.hidden = !isEmpty;
    if (isEmpty) {
      const hint = 'Ingest metrics or events and they appear here.';
      const filters = components.length > 0 ? { component: [], metric: [], unit: [] } : undefined;
      notice.replaceChildren(await emptyNotice({ uid: UID, what: 'windows', hint, ends, filters, signal }));
      return;
    }
    drawOverview(glance, overview.overview.rows[0]);
    drawCharts(chartsOf(series.series.rows), { stepMs: series.stepMs, ends });
    samples.update({ rows: sampled.samples.rows, stepMs: sampled.stepMs, ends });
    summary.replaceChildren(
      card(
        {
          title: 'Every metric in the range',
          note: plural(whole.summary.rows.length, 'row'),
          description: 'Extremes, average and counts over the whole range',
        },
        sortableTable({
          caption: 'Every metric in the range',
          columns: summaryColumns(whole.summary.columns),
          rows: whole.summary.rows,
        }),
      ),
    );
  }

  function drawCharts(all, context) {
    const visible = all.slice(0, shownCharts);
    const next = new Map();
    for (const group of visible) {
      const shown = charts.get(group.key) ?? metricChart(group);
      charts.delete(group.key);
      next.set(group.key, shown);
    }
    for (const gone of charts.values()) gone.dispose();
    charts = next;
    const elements = [...next.values()].map(({ element }) => element);
    if (
      elements.some((element, index) => grid.children[index] !== element) ||
      grid.children.length !== elements.length
    ) {
      grid.replaceChildren(...elements);
    }
    for (const group of visible) {
      charts.get(group.key).update({
        ...context,
        series: group.series.slice(0, MAX_SERIES),
        omitted: Math.max(0, group.series.length - MAX_SERIES),
      });
    }
    const hiddenCharts = all.length - visible.length;
    const showMore = () => {
      shownCharts += MAX_CHARTS;
      drawCharts(all, context);
    };
    rest.replaceChildren(
      hiddenCharts > 0
        ? el('button', { type: 'button', class: 'wide', onclick: showMore }, `Show more metrics (${hiddenCharts} left)`)
        : '',
    );
  }

  return {
    element: el(
      'div',
      { class: 'stack' },
      el(
        'div',
        { class: 'toolbar' },
        range.element,
        ...Object.values(pickers).map(({ element }) => element),
        el('span', { class: 'toolbar-note' }, 'Times in UTC'),
      ),
      notice,
      content,
    ),
    update,
    dispose() {
      for (const each of charts.values()) each.dispose();
      samples.dispose();
    },
  };
}

function withoutEmpty(chosen) {
  return Object.fromEntries(Object.entries(chosen).filter(([, values]) => values.length > 0));
}

/** Rows as charts, one per metric and unit, each component with the same colour in all of them. */
function chartsOf(rows) {
  const components = [...new Set(rows.map((row) => row.component_name))].sort();
  const sources = new Set(rows.map((row) => row.source));
  const charts = new Map();
  for (const row of rows) {
    const key = JSON.stringify([row.metric_name, row.unit]);
    const group = charts.get(key) ?? { key, metric: row.metric_name, unit: row.unit, byName: new Map() };
    const isBatch = row.source === 'batch';
    const name = sources.size > 1 ? `${row.component_name} · ${row.source}` : row.component_name;
    const color = components.indexOf(row.component_name) % MAX_SERIES;
    const series = group.byName.get(name) ?? { key: `${key}${name}`, name, isBatch, color, rows: [] };
    series.rows.push({ ...row, timeMs: Date.parse(row.time) });
    group.byName.set(name, series);
    charts.set(key, group);
  }
  return [...charts.values()].map(({ byName, ...group }) => ({ ...group, series: [...byName.values()] }));
}

function drawOverview(element, row) {
  const latestMs = Date.parse(row.latest);
  const without = Number(row.windows_without_average);
  element.replaceChildren(
    figures([
      { label: 'Components', value: formatCount(row.components) },
      { label: 'Windows', value: formatCount(row.windows) },
      { label: 'Samples', value: formatCount(row.known_samples), note: without > 0 ? 'as far as delivered' : '' },
      {
        label: 'Without average',
        value: formatCount(without),
        note: without > 0 ? 'no sum or count delivered' : '',
        tone: without > 0 ? 'is-notable' : '',
      },
      { label: 'Newest window ends', value: formatAge(latestMs), note: `${formatDayAndTime(latestMs)} UTC` },
    ]),
  );
}

function summaryColumns(columns) {
  return columns.map((column) => {
    if (column.name === 'source') return { ...column, render: (row) => sourceBadge(row.source) };
    if (column.name !== 'avg_value') return column;
    return {
      ...column,
      render: (row) =>
        row.avg_value === null
          ? el('span', { class: 'muted' }, 'not delivered')
          : Number(row.avg_value.toPrecision(4)).toLocaleString('en', { maximumSignificantDigits: 4 }),
    };
  });
}

function sourceBadge(source) {
  return el('span', { class: `badge source-${source === 'batch' ? 'batch' : 'stream'}` }, source);
}
