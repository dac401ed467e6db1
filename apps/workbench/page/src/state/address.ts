import { useMemo, useSyncExternalStore } from 'react';
import type { Ends } from '../api/ask.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const UNIT_MS: Readonly<Record<string, number>> = { m: MINUTE_MS, h: HOUR_MS, d: 24 * HOUR_MS };
const TEN_YEARS_MS = 3660 * 24 * HOUR_MS;

/** Ranges that end now. */
export const QUICK_RANGES = [
  { name: '15m', label: '15 min', title: 'Last 15 minutes' },
  { name: '1h', label: '1 h', title: 'Last hour' },
  { name: '6h', label: '6 h', title: 'Last 6 hours' },
  { name: '24h', label: '24 h', title: 'Last 24 hours' },
  { name: '3d', label: '3 d', title: 'Last 3 days' },
  { name: '7d', label: '7 d', title: 'Last 7 days' },
  { name: '30d', label: '30 d', title: 'Last 30 days' },
] as const;

export const VIEWS = ['metrics', 'traffic', 'health', 'sql'] as const;
export type ViewName = (typeof VIEWS)[number];

/** A length like `6h` of a range that ends now, or two instants. */
export type Range = string | Ends;

/** Seconds between two questions when nothing new was announced; 0: never. */
export const REFRESH_CHOICES = [0, 10, 30, 60, 300] as const;

const DEFAULT_RANGE = '24h';
const LISTS = ['component', 'metric', 'unit', 'reason', 'sort', 'filter'] as const;
const TEXTS = ['day', 'compare', 'service', 'find', 'sql'] as const;

type Lists = Readonly<Record<(typeof LISTS)[number], readonly string[]>>;
type Texts = Readonly<Record<(typeof TEXTS)[number], string>>;

/** Everything that is shown, as the address keeps it. */
export interface AddressState extends Lists, Texts {
  readonly view: ViewName;
  readonly range: Range;
  readonly refresh: number;
  /** What the address says and could not be read, as sentences; it is left out. */
  readonly problems: readonly string[];
}

/** Instead of a day to compare with: none. Without a word the day before is taken. */
export const NO_COMPARISON = 'none';

/** Reads an address: `?view=metrics&from=now-6h&component=a&component=b`, `?view=metrics&from=…&to=…`, `?view=traffic&day=…`. */
export function readAddress(search: string): AddressState {
  const parameters = new URLSearchParams(search);
  const problems: string[] = [];
  const name = parameters.get('view') ?? 'metrics';
  const view = VIEWS.find((each) => each === name);
  if (!view) problems.push(`There is no view "${name}"; there are ${VIEWS.join(', ')}.`);
  const refresh = Number(parameters.get('refresh') ?? 0);
  const isRefresh = REFRESH_CHOICES.some((choice) => choice === refresh);
  if (!isRefresh) {
    problems.push(`refresh is "${parameters.get('refresh') ?? ''}"; it may be ${REFRESH_CHOICES.join(', ')} seconds.`);
  }
  const lists = Object.fromEntries(LISTS.map((each) => [each, parameters.getAll(each)])) as unknown as Lists;
  const given = TEXTS.map((each) => [each, parameters.get(each) ?? '']);
  const texts = Object.fromEntries(given) as Record<(typeof TEXTS)[number], string>;
  for (const each of ['day', 'compare'] as const) {
    if (!isDayOrEmpty(texts[each]) && !(each === 'compare' && texts.compare === NO_COMPARISON)) {
      problems.push(`${each} is "${texts[each]}"; it must be a day like 2024-03-01.`);
      texts[each] = '';
    }
  }
  const range = rangeOf(parameters, problems);
  return { view: view ?? 'metrics', range, refresh: isRefresh ? refresh : 0, problems, ...lists, ...texts };
}

/** The address of a state; defaults are left out. */
export function writeAddress(state: Omit<AddressState, 'problems'>): string {
  const parameters = new URLSearchParams({ view: state.view });
  if (typeof state.range === 'object') {
    parameters.set('from', instant(state.range.fromMs));
    parameters.set('to', instant(state.range.toMs));
  } else if (state.range !== DEFAULT_RANGE) {
    parameters.set('from', `now-${state.range}`);
  }
  if (state.refresh !== 0) parameters.set('refresh', String(state.refresh));
  for (const name of LISTS) for (const value of state[name]) parameters.append(name, value);
  for (const name of TEXTS) if (state[name] !== '') parameters.set(name, state[name]);
  return `?${parameters.toString()}`;
}

/** The ends of a range in milliseconds since the epoch. */
export function endsOf(range: Range, nowMs: number): Ends {
  return typeof range === 'object' ? range : { fromMs: nowMs - lengthOf(range), toMs: nowMs };
}

/** Whether the range ends now, so that new windows belong to it. */
export function isMoving(range: Range): range is string {
  return typeof range === 'string';
}

/** The range of whole days from `firstDay` to `lastDay`. */
export function rangeOfDays(firstDay: string, lastDay: string): Ends {
  return { fromMs: Date.parse(`${firstDay}T00:00:00Z`), toMs: Date.parse(`${lastDay}T23:59:59Z`) };
}

/** Shows something else; the browser's back button returns, unless it replaces what was shown. */
export type Navigate = (change: Partial<AddressState>, options?: { readonly replace?: boolean }) => void;

/** The state of the address, and the way to change it. */
export function useAddress(): readonly [AddressState, Navigate] {
  const search = useSyncExternalStore(subscribe, () => window.location.search);
  const state = useMemo(() => readAddress(search), [search]);
  return [state, navigate];
}

const navigate: Navigate = (change, { replace = false } = {}) => {
  const address = writeAddress({ ...readAddress(window.location.search), ...change });
  if (address === window.location.search) return;
  window.history[replace ? 'replaceState' : 'pushState'](null, '', address);
  window.dispatchEvent(new PopStateEvent('popstate'));
};

function subscribe(onChange: () => void): () => void {
  window.addEventListener('popstate', onChange);
  return () => window.removeEventListener('popstate', onChange);
}

function rangeOf(parameters: URLSearchParams, problems: string[]): Range {
  const [from, to] = [parameters.get('from'), parameters.get('to')];
  if (from === null && to === null) return DEFAULT_RANGE;
  const length = /^now-([1-9]\d{0,4}[mhd])$/.exec(from ?? '')?.[1];
  if (length !== undefined && (to === null || to === 'now') && lengthOf(length) <= TEN_YEARS_MS) return length;
  const [fromMs, toMs] = [Date.parse(from ?? ''), Date.parse(to ?? '')];
  if (fromMs < toMs) {
    if (toMs - fromMs <= TEN_YEARS_MS) return { fromMs, toMs };
    problems.push('The range is longer than ten years; the last 24 hours are shown.');
    return DEFAULT_RANGE;
  }
  problems.push(
    `from "${from ?? ''}" to "${to ?? ''}" is no range; give from=now-6h, or two instants like 2024-03-01T00:00:00Z. The last 24 hours are shown.`,
  );
  return DEFAULT_RANGE;
}

function lengthOf(length: string): number {
  return Number.parseInt(length, 10) * (UNIT_MS[length.at(-1)!] ?? NaN);
}

function isDayOrEmpty(text: string): boolean {
  if (text === '') return true;
  const epochMs = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  return !Number.isNaN(epochMs) && new Date(epochMs).toISOString().startsWith(text);
}

function instant(epochMs: number): string {
  return new Date(epochMs).toISOString().replace('.000Z', 'Z');
}
