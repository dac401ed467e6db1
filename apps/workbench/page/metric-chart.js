import { chart } from './chart.js';
import { el } from './dom.js';
import { formatCompact, formatCount, formatValue } from './format.js';
import { readTheme } from './theme.js';
import { timeChart } from './time-axis.js';

const HEIGHT = 208;

/** Longer than this many steps without a window is a gap, and drawn as one. */
const GAP_STEPS = 1.5;

/**
 * One metric in one unit over time: a line for the average within a band from minimum to maximum, for each component and
 * source. Series without a delivered average have the band alone, with its edges drawn, and a note.
 */
export function metricChart({ metric, unit }) {
  const picture = chart({ height: HEIGHT, label: metric });
  const legend = el('div', { class: 'legend', role: 'group', 'aria-label': `Series of ${metric}` });
  const note = el('p', { class: 'chart-note' });
  const hidden = new Set();
  let latest;
  const draw = () => {
    const theme = readTheme();
    const visible = latest.series.filter(({ key }) => !hidden.has(key));
    picture.draw(optionOf({ ...latest, series: visible, theme, unit }));
    legend.replaceChildren(...latest.series.map((series) => legendEntry(series, { hidden, draw, unit })));
  };
  return {
    element: el(
      'section',
      { class: 'card metric', 'aria-label': `${metric} in ${unit}` },
      el('header', { class: 'card-head' }, el('h2', {}, metric), el('span', { class: 'chip' }, unit)),
      picture.element,
      note,
      legend,
    ),
    /** @param {{ series: object[], stepMs: number, ends: object, omitted: number }} next */
    update(next) {
      latest = {
        ...next,
        series: next.series.map((series) => ({ ...series, segments: segmentsOf(series.rows, next.stepMs) })),
      };
      const without = latest.series.filter(({ rows }) => rows.every((row) => row.avg_value === null));
      const partly = latest.series.filter(
        (series) => !without.includes(series) && series.rows.some((row) => row.avg_value === null),
      );
      note.textContent = [
        without.length > 0 &&
          `No average delivered for ${namesOf(without, latest.series.length)}: the band shows minimum to maximum.`,
        partly.length > 0 &&
          `The average of ${namesOf(partly, latest.series.length)} has gaps where none was delivered.`,
        next.omitted > 0 && `${next.omitted} more series: choose components to see them.`,
      ]
        .filter(Boolean)
        .join(' ');
      picture.relabel(
        `${metric} in ${unit} over time: ${latest.series.map(({ name }) => name).join(', ')}. The figures are in the table below.`,
      );
      draw();
    },
    dispose: () => picture.dispose(),
  };
}

function namesOf(series, all) {
  if (series.length === all && all > 1) return 'any series';
  return series.length > 3 ? `${series.length} series` : series.map(({ name }) => name).join(', ');
}

function legendEntry(series, { hidden, draw, unit }) {
  const { key, name, isBatch, rows } = series;
  const known = rows.filter((row) => row.avg_value !== null);
  const last = known.at(-1);
  const range = `${formatValue(Math.min(...rows.map((row) => row.min_value)))} – ${formatValue(Math.max(...rows.map((row) => row.max_value)))}`;
  const button = el(
    'button',
    {
      type: 'button',
      'aria-pressed': String(!hidden.has(key)),
      title: `Show or hide ${name}`,
      onclick: () => {
        if (!hidden.delete(key)) hidden.add(key);
        draw();
        document.getElementById(button.id)?.focus();
      },
    },
    el('span', {
      class: `swatch series-${series.color + 1} ${isBatch ? 'is-batch' : ''} ${last ? '' : 'is-band'}`,
      'aria-hidden': 'true',
    }),
    el('span', { class: 'legend-name' }, name),
    el(
      'span',
      { class: 'legend-value', title: `${last ? 'Newest average' : 'No average delivered'}; range ${range} ${unit}` },
      last ? formatValue(last.avg_value) : range,
    ),
  );
  button.id = `legend-${key}`;
  return button;
}

/** Runs of windows without a gap between them. */
function segmentsOf(rows, stepMs) {
  const segments = [];
  let previous;
  for (const row of rows) {
    const reachMs = GAP_STEPS * Math.max(stepMs, Number(previous?.longest_window_ms ?? 0));
    if (!previous || row.timeMs - previous.timeMs > reachMs) segments.push([]);
    segments.at(-1).push(row);
    previous = row;
  }
  return segments;
}

function optionOf({ series, ends, stepMs, theme, unit }) {
  return timeChart({
    theme,
    ends,
    yAxis: { scale: true, axisLabel: { formatter: (value) => formatAxis(value) } },
    tooltip: (timeMs, title) => tip({ title, timeMs, series, stepMs, unit }),
    series: series.flatMap((each) => {
      const color = theme.series[each.color];
      const noAverage = each.rows.every((row) => row.avg_value === null);
      return [bandOf(each, color, { noAverage }), ...(noAverage ? [] : [lineOf(each, color)])];
    }),
  });
}

function formatAxis(value) {
  return Math.abs(value) >= 10_000 ? formatCompact(value) : formatValue(value);
}

function bandOf({ segments, name, isBatch }, color, { noAverage }) {
  return {
    type: 'custom',
    name,
    clip: true,
    silent: true,
    z: 1,
    encode: { x: 0, y: [1, 2] },
    data: segments.flatMap((segment) => segment.map((row) => [row.timeMs, row.min_value, row.max_value])),
    renderItem: (parameters, api) => {
      const start = parameters.dataIndex;
      const segment = segmentFrom(segments, start);
      if (!segment) return null;
      const upper = segment.map((row) => api.coord([row.timeMs, row.max_value]));
      const lower = segment.map((row) => api.coord([row.timeMs, row.min_value]));
      const widened = segment.length === 1 ? [widen(upper), widen(lower)] : [upper, lower];
      const edge = {
        stroke: color,
        lineWidth: 1,
        opacity: noAverage ? 0.75 : 0,
        lineDash: isBatch ? [4, 3] : null,
        fill: 'none',
      };
      return {
        type: 'group',
        children: [
          {
            type: 'polygon',
            shape: { points: [...widened[0], ...widened[1].toReversed()] },
            style: { fill: color, opacity: noAverage ? 0.2 : 0.13 },
          },
          ...widened.map((points) => ({ type: 'polyline', shape: { points }, style: edge })),
        ],
      };
    },
  };
}

/** One point alone has no width; two pixels to each side make it seen. */
function widen([[x, y]]) {
  return [
    [x - 2, y],
    [x + 2, y],
  ];
}

/** The segment whose first row has this index among all rows; each is drawn once. */
function segmentFrom(segments, index) {
  let start = 0;
  for (const segment of segments) {
    if (start === index) return segment;
    start += segment.length;
  }
  return undefined;
}

function lineOf({ segments, name, isBatch }, color) {
  const points = segments.flatMap((segment, index) => [
    ...(index === 0 ? [] : [[segment[0].timeMs, null]]),
    ...segment.map((row) => [row.timeMs, row.avg_value]),
  ]);
  const isAlone = (index) => (points[index - 1]?.[1] ?? null) === null && (points[index + 1]?.[1] ?? null) === null;
  return {
    type: 'line',
    name,
    z: 2,
    data: points,
    connectNulls: false,
    showSymbol: true,
    symbol: 'circle',
    symbolSize: (_, { dataIndex }) => (isAlone(dataIndex) ? 5 : 0),
    itemStyle: { color },
    lineStyle: { color, width: 1.75, type: isBatch ? [5, 3] : 'solid' },
    emphasis: { disabled: true },
  };
}

function tip({ title, timeMs, series, stepMs, unit }) {
  const rows = series
    .map((each) => ({ each, row: rowAt(each.rows, timeMs, stepMs) }))
    .filter(({ row }) => row !== undefined);
  return el(
    'div',
    { class: 'tip-box' },
    el('p', {}, title),
    el(
      'table',
      {},
      el('tr', {}, ...['', `avg ${unit}`, 'min – max', 'samples'].map((text) => el('th', {}, text))),
      ...rows.map(({ each, row }) =>
        el(
          'tr',
          {},
          el(
            'td',
            {},
            el('span', { class: `swatch series-${each.color + 1} ${each.isBatch ? 'is-batch' : ''}` }),
            each.name,
          ),
          el('td', {}, row.avg_value === null ? 'not delivered' : formatValue(row.avg_value)),
          el('td', {}, `${formatValue(row.min_value)} – ${formatValue(row.max_value)}`),
          el('td', {}, formatCount(row.sample_count)),
        ),
      ),
    ),
  );
}

/** The row that holds at an instant: of windows longer than the step, the one that has begun and not ended. */
function rowAt(rows, timeMs, stepMs) {
  const row = rows.findLast((each) => each.timeMs <= timeMs);
  return row && timeMs - row.timeMs < Math.max(stepMs, Number(row.longest_window_ms)) ? row : undefined;
}
