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

/** In the address: not compared with any day. Without a word in it, the day before is taken. */
const NO_COMPARISON = 'none';

/** The view of a day's service-to-service calls. */
export function createTrafficView() {
  const day = dayChoice('Day', (value) => navigate({ day: value, compare: '' }));
  const compare = dayChoice('Compare with', (value) => navigate({ compare: value }));
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
    day.update({ days: withDay(days, shown), chosen: shown });
    compare.update({
      days: withDay(days, compared).filter((each) => each !== shown),
      chosen: compared,
      none: 'nothing',
    });
    strip.replaceChildren(
      dayStrip({ rows: perDay.days.rows, shown, compared, onChoose: (value) => navigate({ day: value, compare: '' }) }),
    );
    if (map.edges.rows.length === 0) {
      summary.replaceChildren();
      content.replaceChildren(noReport(shown, days));
      return;
    }
    drawMap = () => {
      const width = mapSlot.clientWidth;
      if (width === 0) return;
      const refocus = mapSlot.contains(document.activeElement)
        ? document.activeElement.getAttribute('aria-label')
        : undefined;
      mapSlot.replaceChildren(
        serviceMap({
          nodes: map.nodes.rows,
          edges: map.edges.rows,
          selected: state.service,
          width,
          onSelect: (service) => navigate({ service }),
        }),
      );
      if (refocus)
        [...mapSlot.querySelectorAll('.node')].find((node) => node.getAttribute('aria-label') === refocus)?.focus();
    };
    summary.replaceChildren(totalsOf(totals, { compared, services: map.nodes.rows.length }));
    content.replaceChildren(
      el(
        'div',
        { class: metrics ? 'map-and-service' : '' },
        card(
          { title: 'Service map', note: 'Choose a service to see its neighbours and metrics', kind: 'map-card' },
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
        el('span', { class: 'toolbar-note' }, 'Days in UTC'),
      ),
      el('div', { class: 'strip-and-totals' }, strip, summary),
      content,
    ),
    update,
    dispose: () => observer.disconnect(),
  };
}

function withDay(days, day) {
  return day === '' || days.includes(day) ? days : [day, ...days].sort().toReversed();
}

function dayChoice(label, onChange) {
  const select = el('select', { onchange: () => onChange(select.value) });
  return {
    element: el('label', { class: 'choice' }, el('span', {}, label), select),
    update({ days, chosen, none }) {
      const options = days.map((day) => el('option', { value: day }, formatDay(day)));
      if (none !== undefined) options.unshift(el('option', { value: NO_COMPARISON }, none));
      select.replaceChildren(...options);
      select.value = chosen === '' ? NO_COMPARISON : chosen;
    },
  };
}

function noReport(shown, days) {
  return el(
    'div',
    { class: 'empty' },
    el('h2', {}, `No report for ${formatDay(shown)}`),
    el('p', {}, `${plural(days.length, 'day')} have a report.`),
    el(
      'button',
      { type: 'button', class: 'primary', onclick: () => navigate({ day: '', compare: '' }) },
      `Show ${formatDay(days[0] ?? '')}`,
    ),
  );
}
