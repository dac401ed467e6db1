import type { Row } from '../api/ask.js';
import { textOf } from '../shared/format.js';
import type { Link } from './layered-layout.js';

/** A service on the map. */
export interface ServiceNode {
  readonly id: string;
  readonly incoming: number;
  readonly outgoing: number;
  readonly failureShare: number | null;
}

/** The calls of one service to another. */
export interface CallEdge extends Link {
  readonly requests: number;
  readonly failed: number;
  readonly failureShare: number | null;
}

/** More arrows than these cannot be told apart; of more, so many are drawn. */
const MAX_EDGES = 90;
export const BUSIEST_EDGES = 40;

/** Upper ends, exclusive, of the failure shares that have a colour each; the last colour is for all above. */
const FAILURE_STEPS = [0.005, 0.02, 0.05, 0.15];

/** The number of the colour of a failure share, 0 to 4. */
export function failureStep(share: number | null): number {
  const step = FAILURE_STEPS.findIndex((end) => (share ?? 0) < end);
  return step === -1 ? FAILURE_STEPS.length : step;
}

const shareOf = (row: Row) => (row['failure_share'] === null ? null : Number(row['failure_share']));

export function nodesOf(rows: readonly Row[]): ServiceNode[] {
  return rows.map((row) => ({
    id: textOf(row['id']),
    incoming: Number(row['incoming_requests']),
    outgoing: Number(row['outgoing_requests']),
    failureShare: shareOf(row),
  }));
}

export function edgesOf(rows: readonly Row[]): CallEdge[] {
  return rows.map((row) => ({
    source: textOf(row['source']),
    target: textOf(row['target']),
    requests: Number(row['total_requests']),
    failed: Number(row['failed_requests']),
    failureShare: shareOf(row),
  }));
}

/** What is drawn of a day's calls. */
export interface DrawnMap {
  readonly nodes: readonly ServiceNode[];
  readonly edges: readonly CallEdge[];
  /** Whether these are the pairs of what was looked for, and not the busiest. */
  readonly isFocused: boolean;
}

/**
 * A map of all pairs of a big fleet could not be read: of more than {@link MAX_EDGES} the pairs of the selected service, or of
 * the services whose names hold what is searched for, are drawn, else the busiest.
 */
export function drawnMap(
  nodes: readonly ServiceNode[],
  edges: readonly CallEdge[],
  { selected, find }: { readonly selected: string; readonly find: string },
): DrawnMap {
  const wanted = find.toLowerCase();
  const isLookedFor = (name: string) =>
    selected === '' ? wanted !== '' && name.toLowerCase().includes(wanted) : name === selected;
  const own = edges.filter(({ source, target }) => isLookedFor(source) || isLookedFor(target));
  const isFocused = own.length > 0 && (selected === '' ? wanted !== '' : edges.length > MAX_EDGES);
  if (edges.length <= MAX_EDGES && !isFocused) return { nodes, edges, isFocused: false };
  const ranked = [...(isFocused ? own : edges)].sort((a, b) => b.requests - a.requests);
  const kept = ranked.slice(0, isFocused ? MAX_EDGES : BUSIEST_EDGES);
  const ends = new Set(kept.flatMap(({ source, target }) => [source, target]));
  return { nodes: nodes.filter(({ id }) => ends.has(id)), edges: kept, isFocused };
}

/** The pairs whose number of requests changed most against the compared day, in either direction. */
export function changedMost(rows: readonly Row[], most = 8): Row[] {
  return rows
    .filter(({ presence, change }) => presence === 'both' && Number(change) !== 0)
    .sort((a, b) => Math.abs(Number(b['change'])) - Math.abs(Number(a['change'])))
    .slice(0, most);
}
