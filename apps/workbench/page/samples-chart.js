import { chart } from './chart.js';
import { card, el } from './dom.js';
import { formatCompact, formatCount } from './format.js';
import { readTheme } from './theme.js';
import { timeChart } from './time-axis.js';

const TITLE = 'Samples over time';

/** How many samples the windows hold, a bar per step, by source. */
export function samplesChart() {
  const picture = chart({ height: 128, label: TITLE });
  const legend = el(
    'div',
    { class: 'legend' },
    ...['stream', 'batch'].map((source) =>
      el('span', { class: 'legend-plain' }, el('span', { class: `swatch is-square source-${source}` }), source),
    ),
  );
  const note = el('p', { class: 'chart-note' });
  return {
    element: card({ title: TITLE, description: 'Windows without a count add nothing' }, picture.element, note, legend),
    update({ rows, stepMs, ends }) {
      const theme = readTheme();
      const points = rows.map((row) => ({ ...row, timeMs: Date.parse(row.time) }));
      const without = points.reduce((sum, row) => sum + Number(row.windows_without_average), 0);
      note.textContent = without > 0 ? `${formatCount(without)} windows were delivered without a sum or a count.` : '';
      const barsOf = (source, color) => ({
        type: 'bar',
        name: source,
        stack: 'samples',
        barMaxWidth: 14,
        itemStyle: { color },
        emphasis: { disabled: true },
        data: points.filter((row) => row.source === source).map((row) => [row.timeMs, Number(row.known_samples)]),
      });
      picture.draw(
        timeChart({
          theme,
          ends: { fromMs: Math.floor(ends.fromMs / stepMs) * stepMs, toMs: ends.toMs },
          yAxis: { splitNumber: 2, axisLabel: { formatter: formatCompact } },
          tooltip: (timeMs, title) =>
            tip(
              title,
              points.filter((row) => row.timeMs === timeMs),
            ),
          series: [barsOf('stream', theme.series[0]), barsOf('batch', theme.series[1])],
        }),
      );
    },
    dispose: () => picture.dispose(),
  };
}

function tip(title, rows) {
  return el(
    'div',
    { class: 'tip-box' },
    el('p', {}, title),
    el(
      'table',
      {},
      el('tr', {}, ...['', 'samples', 'windows'].map((text) => el('th', {}, text))),
      ...rows.map((row) =>
        el(
          'tr',
          {},
          el('td', {}, row.source),
          el('td', {}, formatCount(row.known_samples)),
          el('td', {}, formatCount(row.windows)),
        ),
      ),
    ),
  );
}
