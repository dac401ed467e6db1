/* global URLSearchParams */

const HOUR_MS = 3_600_000;

/** Ranges that end now. */
export const QUICK_RANGES = [
  { name: '1h', label: '1 h', title: 'Last hour', lengthMs: HOUR_MS },
  { name: '6h', label: '6 h', title: 'Last 6 hours', lengthMs: 6 * HOUR_MS },
  { name: '24h', label: '24 h', title: 'Last 24 hours', lengthMs: 24 * HOUR_MS },
  { name: '3d', label: '3 d', title: 'Last 3 days', lengthMs: 72 * HOUR_MS },
  { name: '7d', label: '7 d', title: 'Last 7 days', lengthMs: 168 * HOUR_MS },
];

export const VIEWS = ['metrics', 'traffic', 'health'];
const DEFAULT_RANGE = '24h';

/**
 * What the address says: `#/metrics?range=24h&component=a&component=b`, `#/metrics?from=…&to=…`, `#/traffic?day=…`.
 * A hand-edited address never fails: what cannot be read has its default.
 */
export function readAddress(hash = location.hash) {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split(/\?(.*)/s);
  const parameters = new URLSearchParams(query);
  const fromMs = Date.parse(parameters.get('from') ?? '');
  const toMs = Date.parse(parameters.get('to') ?? '');
  const isAbsolute = Number.isFinite(fromMs) && Number.isFinite(toMs) && fromMs < toMs;
  const quick = QUICK_RANGES.find(({ name }) => name === parameters.get('range'));
  return {
    view: VIEWS.includes(path) ? path : 'metrics',
    range: isAbsolute ? { fromMs, toMs } : (quick?.name ?? DEFAULT_RANGE),
    component: parameters.getAll('component'),
    metric: parameters.getAll('metric'),
    unit: parameters.getAll('unit'),
    reason: parameters.getAll('reason'),
    day: parameters.get('day') ?? '',
    compare: parameters.get('compare') ?? '',
    service: parameters.get('service') ?? '',
  };
}

/** The address of a state; defaults are left out. */
export function writeAddress(state) {
  const parameters = new URLSearchParams();
  if (typeof state.range === 'object') {
    parameters.set('from', instant(state.range.fromMs));
    parameters.set('to', instant(state.range.toMs));
  } else if (state.range !== DEFAULT_RANGE) {
    parameters.set('range', state.range);
  }
  for (const name of ['component', 'metric', 'unit', 'reason']) {
    for (const value of state[name]) parameters.append(name, value);
  }
  for (const name of ['day', 'compare', 'service']) {
    if (state[name] !== '') parameters.set(name, state[name]);
  }
  const query = parameters.toString();
  return `#/${state.view}${query === '' ? '' : `?${query}`}`;
}

/** Goes to the current state with `changes`; the browser's back button returns. */
export function navigate(changes) {
  location.hash = writeAddress({ ...readAddress(), ...changes });
}

/** The ends of a range in milliseconds since the epoch. */
export function endsOf(range, nowMs = Date.now()) {
  if (typeof range === 'object') return range;
  const { lengthMs } = QUICK_RANGES.find(({ name }) => name === range) ?? QUICK_RANGES[2];
  return { fromMs: nowMs - lengthMs, toMs: nowMs };
}

/** Whether the range ends now, so that new windows belong to it. */
export function isMoving(range) {
  return typeof range === 'string';
}

/** The range of whole days from `firstDay` to `lastDay`. */
export function rangeOfDays(firstDay, lastDay) {
  return { fromMs: Date.parse(`${firstDay}T00:00:00Z`), toMs: Date.parse(`${lastDay}T23:59:59Z`) };
}

function instant(epochMs) {
  return new Date(epochMs).toISOString().replace('.000Z', 'Z');
}
