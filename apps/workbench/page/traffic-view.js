import { navigate } from './address.js';
import { askExtent, askPanel, askVariable } from './api.js';
import { card, el } from './dom.js';
import { dayStrip } from './day-strip.js';
import { formatDay, plural } from './format.js';
import { serviceMap } from './service-map.js';
import { changesCard, mapLegend, pairsCard, serviceCard, totalsOf } from './traffic-cards.js';

/* global ResizeObserver */

const UID = 'pulselake-traffic';

/** No older days than these are offered; more do not fit a list. */
const MAX_DAYS = 366;
const DAY_MS = 86_400_000;

/** More arrows than these cannot be told apart; of more, so many are drawn. */
const MAX_EDGES = 90;
const BUSIEST_EDGES = 40;

/** In the address: not compared with any day. Without a word in it, the day before is taken. */
const NO_COMPARISON = 'none';

/** The view of a day's service-to-service calls. */
export function createTrafficView() {
  const day = choice('Day', (value) => navigate({ day: value, compare: '' }));
  const compare = choice('Compare with', (value) => navigate({ compare: value }));
  const service = choice('Service', (value) => navigate({ service: value }));
  const strip = el('div');
  const summary = el('div');
  const content = el('div', { class: 'stack' });
  const mapSlot = el('div', { class: 'map-slot' });
  let drawMap = () => undefined;
  let mapWidth = 0;
  const observer = new ResizeObserver(() => {
    if (mapSlot.clientWidth === 0 || Math.abs(mapSlot.clientWidth - mapWidth) < 4) return;
    mapWidth = mapSlot.clientWidth;
    drawMap();
  });
  observer.observe(mapSlot);

  async function update(state, signal) {
    const { firstDay, lastDay } = await askExtent(UID, signal);
    if (!lastDay) {
      content.replaceChildren(
        el(
          'div',
          { class: 'empty' },
          el('h2', {}, 'No traffic report yet'),
          el('p', {}, 'Nothing is in the lake. Ingest access logs and the day’s calls appear here.'),
        ),
      );
      return;
    }
    const toMs = Date.parse(`${lastDay}T23:59:59Z`);
    const ends = { fromMs: Math.max(Date.parse(`${firstDay}T00:00:00Z`), toMs - MAX_DAYS * DAY_MS), toMs };
    const days = await askVariable({ uid: UID, name: 'day', ...ends, signal });
    const shown = state.day === '' ? days[0] : state.day;
    const before = days.find((each) => each < shown) ?? '';
    const compared = state.compare === NO_COMPARISON ? '' : state.compare === '' ? before : state.compare;
    const variables = { day: [shown], ...(compared === '' ? {} : { compareDay: [compared] }) };
    const request = { uid: UID, ...ends, variables, signal };
    const [totals, perDay, map, pairs, changes, metrics] = await Promise.all([
      askPanel({ ...request, panel: 'totals' }),
      askPanel({ ...request, panel: 'days' }),
      askPanel({ ...request, panel: 'service-map' }),
      askPanel({ ...request, panel: 'pairs' }),
      askPanel({ ...request, panel: 'new-and-vanished' }),
      state.service === ''
        ? undefined
        : askPanel({ ...request, panel: 'service-metrics', variables: { ...variables, service: [state.service] } }),
    ]);
    const asOptions = (values) => values.map((value) => [value, formatDay(value)]);
    day.update({ options: asOptions(withValue(days, shown)), chosen: shown });
    compare.update({
      options: [[NO_COMPARISON, 'nothing'], ...asOptions(withValue(days, compared).filter((each) => each !== shown))],
      chosen: compared === '' ? NO_COMPARISON : compared,
    });
    const services = withValue(
      map.nodes.rows.map(({ id }) => id),
      state.service,
    );
    service.update({ options: [['', 'All'], ...services.map((name) => [name, name])], chosen: state.service });
    strip.replaceChildren(
      dayStrip({ rows: perDay.days.rows, shown, compared, onChoose: (value) => navigate({ day: value, compare: '' }) }),
    );
    if (map.edges.rows.length === 0) {
      summary.replaceChildren();
      content.replaceChildren(noReport(shown, days));
      return;
    }
    const drawn = busiest({ nodes: map.nodes.rows, edges: map.edges.rows, selected: state.service });
    drawMap = () => {
      const width = mapSlot.clientWidth;
      if (width === 0) return;
      const onSelect = (name) => navigate({ service: name });
      mapSlot.replaceChildren(serviceMap({ ...drawn, selected: state.service, width, onSelect }));
    };
    summary.replaceChildren(totalsOf(totals, { compared, services: map.nodes.rows.length }));
    content.replaceChildren(
      el(
        'div',
        { class: metrics ? 'map-and-service' : '' },
        card(
          { title: 'Service map', note: noteOf(drawn, map.edges.rows.length), kind: 'map-card' },
          mapSlot,
          mapLegend(),
        ),
        metrics ? serviceCard(state.service, map, metrics.metrics) : null,
      ),
      el(
        'div',
        { class: compared === '' ? '' : 'pairs-and-changes' },
        pairsCard(pairs.pairs, compared),
        compared === '' ? null : changesCard(changes.changes, { pairs: pairs.pairs, compared }),
      ),
    );
    drawMap();
  }

  return {
    element: el(
      'div',
      { class: 'stack' },
      el(
        'div',
        { class: 'toolbar' },
        day.element,
        compare.element,
        service.element,
        el('span', { class: 'toolbar-note' }, 'Days in UTC'),
      ),
      el('div', { class: 'strip-and-totals' }, strip, summary),
      content,
    ),
    update,
    dispose: () => observer.disconnect(),
  };
}

/** What a hand-edited address names can be chosen too, or the drop-down would show something else. */
function withValue(values, value) {
  return value === '' || values.includes(value) ? values : [value, ...values];
}

/** A drop-down of `[value, text]` options. */
function choice(label, onChange) {
  const select = el('select', { onchange: () => onChange(select.value) });
  return {
    element: el('label', { class: 'choice' }, el('span', {}, label), select),
    update({ options, chosen }) {
      select.replaceChildren(...options.map(([value, text]) => el('option', { value }, text)));
      select.value = chosen;
    },
  };
}

function noReport(shown, days) {
  return el(
    'div',
    { class: 'empty' },
    el('h2', {}, `No report for ${formatDay(shown)}`),
    el('p', {}, `The newest report is of ${formatDay(days[0] ?? '')}.`),
    el('button', { type: 'button', class: 'primary', onclick: () => navigate({ day: '', compare: '' }) }, 'Show it'),
  );
}

/** A map of all pairs of a big fleet could not be read: the selected service's pairs are drawn, or the busiest. */
function busiest({ nodes, edges, selected }) {
  if (edges.length <= MAX_EDGES) return { nodes, edges, focus: false };
  const own = edges.filter(({ source, target }) => source === selected || target === selected);
  const ranked = (own.length > 0 ? own : edges).toSorted((a, b) => Number(b.total_requests) - Number(a.total_requests));
  const kept = ranked.slice(0, own.length > 0 ? MAX_EDGES : BUSIEST_EDGES);
  const ends = new Set(kept.flatMap(({ source, target }) => [source, target]));
  return { nodes: nodes.filter(({ id }) => ends.has(id)), edges: kept, focus: own.length > 0 };
}

function noteOf({ edges, focus }, all) {
  if (edges.length === all) return 'Choose a service to see its neighbours and metrics';
  return focus
    ? `The ${plural(edges.length, 'pair')} of the service, of ${plural(all, 'pair')}`
    : `The ${edges.length} busiest of ${plural(all, 'pair')}: choose a service to see its own`;
}
