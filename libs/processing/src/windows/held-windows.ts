import { base64OfNumbers, float64FromBase64, int32FromBase64 } from '../bytes/base64-numbers.js';
import { EventIdSet } from './event-id-set.js';
import type { HeldWindowsState } from './window-aggregator-state.js';
import type { WindowSlots } from './window-slots.js';

/** The windows of one end that are still held: they are due together. */
export interface HeldWindows {
  readonly toMs: number;
  /** By series. */
  readonly slots: Map<number, number>;
  ids: EventIdSet | undefined;
  written: boolean;
}

export function heldToJson({ toMs, written, slots, ids }: HeldWindows, windows: WindowSlots): HeldWindowsState {
  const { stats, revisions } = windows.numbersOf([...slots.values()]);
  return {
    toMs,
    written,
    series: base64OfNumbers(Int32Array.from(slots.keys())),
    stats: base64OfNumbers(stats),
    revisions: base64OfNumbers(revisions),
    ...(ids && { ids: base64OfNumbers(ids.words()) }),
  };
}

/** @param windows where the statistics come to lie */
export function heldFromJson(state: HeldWindowsState, windows: WindowSlots): HeldWindows {
  const { toMs, written, series, stats, revisions, ids } = state;
  const slots = windows.restore(float64FromBase64(stats), int32FromBase64(revisions));
  return {
    toMs,
    written,
    slots: new Map(Array.from(int32FromBase64(series), (index, at) => [index, slots[at]!])),
    ids: ids === undefined ? undefined : EventIdSet.from(int32FromBase64(ids)),
  };
}
