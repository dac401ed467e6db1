import { navigate } from './address.js';
import { card, el, figures } from './dom.js';
import { formatCount, formatDay, formatShare, formatValue, plural } from './format.js';
import { failureStep } from './service-map.js';
import { sortableTable } from './table.js';

/** The figures of the day, and what changed against the compared one. */
export function totalsOf(totals, { compared, services }) {
  const now = totals.day.rows[0];
  const before = compared === '' ? undefined : totals.compared.rows[0];
  const isKnown = before !== undefined && Number(before.pairs) > 0;
  return el(
    'div',
    { class: 'card glance' },
    figures([
      {
        label: 'Requests',
        value: formatCount(now.total_requests),
        note: isKnown ? changeOf(now.total_requests, before.total_requests) : '',
      },
      {
        label: 'Failed',
        value: formatCount(now.failed_requests),
        note: isKnown ? changeOf(now.failed_requests, before.failed_requests) : '',
      },
      {
        label: 'Failure share',
        value: formatShare(now.failure_share),
        note: isKnown ? `was ${formatShare(before.failure_share)}` : '',
        tone: failureStep(now.failure_share) >= 2 ? 'is-bad' : '',
      },
      { label: 'Services', value: formatCount(services) },
      { label: 'Pairs', value: formatCount(now.pairs), note: isKnown ? `were ${formatCount(before.pairs)}` : '' },
    ]),
  );
}

function changeOf(now, before) {
  const [a, b] = [Number(now), Number(before)];
  if (a === b) return 'as before';
  const share = b === 0 ? '' : ` (${a > b ? '+' : '−'}${((Math.abs(a - b) / b) * 100).toFixed(1)} %)`;
  return `${signed(a - b)}${share}`;
}

function signed(value) {
  return value === 0 ? '0' : `${value > 0 ? '+' : '−'}${formatCount(Math.abs(value))}`;
}

/** What the colours and widths of the map mean. */
export function mapLegend() {
  const steps = ['under 0.5 %', 'under 2 %', 'under 5 %', 'under 15 %', '15 % and above'];
  return el(
    'div',
    { class: 'map-legend' },
    el('span', {}, 'Failed:'),
    ...steps.map((text, index) =>
      el('span', { class: 'legend-plain' }, el('span', { class: `swatch is-square fail-${index}` }), text),
    ),
    el('span', { class: 'legend-plain' }, 'Width: requests'),
  );
}

/** What one service received, sent and measured on the day. */
export function serviceCard(service, map, metrics) {
  const node = map.nodes.rows.find(({ id }) => id === service);
  const close = el('button', { type: 'button', class: 'quiet', onclick: () => navigate({ service: '' }) }, 'Close');
  if (!node) return card({ title: service, note: 'made and took no calls on this day' }, close);
  const callers = map.edges.rows.filter(({ target }) => target === service).map(({ source }) => source);
  const called = map.edges.rows.filter(({ source }) => source === service).map(({ target }) => target);
  const names = (services) => (services.length === 0 ? 'none' : services.join(', '));
  return card(
    { title: service, kind: 'service-card' },
    figures([
      { label: 'Received', value: formatCount(node.incoming_requests) },
      { label: 'Failed', value: formatShare(node.failure_share) },
      { label: 'Sent', value: formatCount(node.outgoing_requests) },
    ]),
    el(
      'dl',
      { class: 'facts' },
      el('dt', {}, 'Called by'),
      el('dd', {}, names(callers)),
      el('dt', {}, 'Calls'),
      el('dd', {}, names(called)),
    ),
    el('h3', {}, 'Its metrics on the day'),
    metrics.rows.length === 0
      ? el('p', { class: 'muted' }, 'It measured nothing on this day.')
      : el(
          'ul',
          { class: 'service-metrics' },
          ...metrics.rows.map((row) =>
            el(
              'li',
              {},
              el('span', {}, row.metric_name),
              el(
                'span',
                { class: 'metric-range' },
                row.avg_value === null ? 'no average' : formatValue(row.avg_value),
                el('small', {}, ` ${row.unit} · ${formatValue(row.min_value)} – ${formatValue(row.max_value)}`),
              ),
            ),
          ),
        ),
    el(
      'div',
      { class: 'card-actions' },
      el('a', { href: `#/metrics?component=${encodeURIComponent(service)}` }, 'Over time'),
      close,
    ),
  );
}

/** Every pair of the day. */
export function pairsCard({ columns, rows }, compared) {
  const hidden =
    compared === ''
      ? ['compared_requests', 'compared_failure_share', 'change', 'presence']
      : ['compared_failure_share', 'presence'];
  const renderers = {
    failure_share: (row) => shareMark(row.failure_share),
    change: (row) => (row.change === null ? '–' : row.presence === 'new' ? badge('new') : signed(Number(row.change))),
  };
  return card(
    { title: 'Pairs of services', note: plural(rows.length, 'pair') },
    sortableTable({
      caption: 'Pairs of services',
      columns: columns
        .filter(({ name }) => !hidden.includes(name))
        .map((column) => ({ ...column, render: renderers[column.name] })),
      rows,
      sort: { name: 'total_requests', descending: true },
    }),
  );
}

/** The pairs of one of the two days only. */
export function changesCard({ rows }, { pairs, compared }) {
  const isKnown = pairs.rows.some(({ presence }) => presence !== null);
  const text = isKnown ? 'The same pairs on both days.' : `There is no report for ${formatDay(compared)}.`;
  return card(
    { title: 'New and vanished', note: `against ${formatDay(compared)}` },
    rows.length === 0
      ? el('p', { class: 'muted card-text' }, text)
      : el(
          'ul',
          { class: 'changes' },
          ...rows.map((row) =>
            el(
              'li',
              {},
              badge(row.presence),
              el('span', { class: 'pair' }, `${row.source} → ${row.target}`),
              el(
                'span',
                { class: 'muted' },
                row.presence === 'new'
                  ? plural(row.total_requests, 'request')
                  : `had ${plural(row.compared_requests, 'request')}`,
              ),
            ),
          ),
        ),
  );
}

function badge(presence) {
  return el('span', { class: `badge is-${presence}` }, presence);
}

function shareMark(share) {
  return el(
    'span',
    { class: 'share' },
    el('span', { class: `dot fail-${failureStep(share)}`, 'aria-hidden': 'true' }),
    formatShare(share),
  );
}
