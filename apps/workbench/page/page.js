import { isMoving, readAddress, writeAddress } from './address.js';
import { el } from './dom.js';
import { followLive } from './live.js';
import { createHealthView } from './health-view.js';
import { createMetricsView } from './metrics-view.js';
import { createTrafficView } from './traffic-view.js';

/* global AbortController, clearTimeout */

const CREATE = { metrics: createMetricsView, traffic: createTrafficView, health: createHealthView };
const TITLES = { metrics: 'Metrics', traffic: 'Traffic', health: 'Pipeline health' };

/** New windows come in bunches: wait for the rest before asking again. */
const REFRESH_DELAY_MS = 1_500;

/** What a commit of these stages cannot change is not asked for again. */
const IRRELEVANT_STAGES = {
  metrics: ['traffic-report'],
  traffic: ['metrics-etl', 'stream-windows', 'delivery'],
  health: [],
};

const root = document.getElementById('view');
const progress = document.getElementById('progress');
const failure = el('div', { class: 'notice is-error', role: 'alert', hidden: true });
let current;
let pending;

/** Shows the state that the address holds. */
async function show() {
  const state = readAddress();
  if (current?.name !== state.view) open(state.view);
  for (const link of document.querySelectorAll('[data-view]')) {
    link.setAttribute('href', writeAddress({ ...state, view: link.dataset.view }));
  }
  pending?.abort();
  pending = new AbortController();
  const { signal } = pending;
  const { view } = current;
  progress.hidden = false;
  const restoreFocus = rememberFocus();
  try {
    await view.update(state, signal);
    if (signal.aborted) return;
    failure.hidden = true;
    restoreFocus();
  } catch (error) {
    if (signal.aborted) return;
    failure.replaceChildren(
      el('p', {}, error instanceof Error ? error.message : String(error)),
      el('button', { type: 'button', onclick: show }, 'Try again'),
    );
    failure.hidden = false;
  }
  progress.hidden = true;
}

function open(name) {
  current?.view.dispose();
  const view = CREATE[name]();
  current = { name, view };
  root.replaceChildren(el('h1', { class: 'hidden' }, TITLES[name]), failure, view.element);
  failure.hidden = true;
  document.title = `${TITLES[name]} · Pulselake`;
  for (const link of document.querySelectorAll('[data-view]')) {
    if (link.dataset.view === name) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
}

/** Views make their parts anew; who was at one of them with the keyboard stays there. */
function rememberFocus() {
  const focused = document.activeElement;
  if (focused === root || !root.contains(focused)) return () => undefined;
  const nameOf = (element) => element.getAttribute('aria-label') ?? element.textContent;
  const name = nameOf(focused);
  return () => {
    if (root.contains(document.activeElement)) return;
    const again = [...root.querySelectorAll(focused.tagName)].find((element) => nameOf(element) === name);
    again?.focus({ preventScroll: true });
  };
}

let refreshTimer;
/** @param {string} [stage] what was committed; without it anything may have been */
function refreshSoon(stage) {
  const { view, range } = readAddress();
  if (document.hidden || !isMoving(range) || IRRELEVANT_STAGES[view].includes(stage)) return;
  clearTimeout(refreshTimer);
  refreshTimer = setTimeout(show, REFRESH_DELAY_MS);
}

window.addEventListener('hashchange', show);
window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', show);
document.addEventListener('visibilitychange', () => refreshSoon());
document.querySelector('.skip').addEventListener('click', (event) => {
  event.preventDefault();
  root.focus();
});
followLive({
  element: document.getElementById('live'),
  text: document.getElementById('live-text'),
  onCommitted: refreshSoon,
});
void show();
