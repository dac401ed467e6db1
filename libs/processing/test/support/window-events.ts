import type { WindowSettings } from '@pulselake/data-model';
import { DEFAULT_WINDOW_SETTINGS } from '@pulselake/data-model';
import { hashEventId } from '../../src/events/event-id-hash.js';
import {
  type ParsedMetricEvent,
  SeriesTable,
  WindowAggregator,
  type WindowAggregatorState,
  type WindowMode,
  type WindowResult,
} from '../../src/index.js';

/** An event of a test: which series, when, how much, and its id. */
export interface TestEvent {
  readonly series?: number;
  readonly timestampMs: number;
  readonly value?: number;
  readonly id?: string;
}

/** Series whose order by name is not the order of their indices. */
export const SERIES = [
  ['b', 'm', 'u'],
  ['a', 'n', 'u'],
  ['a', 'm', 'v'],
  ['a', 'm', 'u'],
] as const;

/** An aggregator with everything it wrote. */
export function aggregatorOf(mode: WindowMode, settings: Partial<WindowSettings> = {}) {
  const series = new SeriesTable();
  for (const [component, metric, unit] of SERIES) series.indexOf(component, metric, unit);
  const written: WindowResult[] = [];
  const make = (state?: WindowAggregatorState) =>
    new WindowAggregator({
      settings: { ...DEFAULT_WINDOW_SETTINGS, ...settings },
      mode,
      series,
      onWindow: (window) => written.push(window),
      ...(state && { state }),
    });
  /** Another aggregator that goes on from one's state, once that was text. */
  const resumed = (from: WindowAggregator) => make(JSON.parse(JSON.stringify(from.state())) as WindowAggregatorState);
  return { aggregator: make(), series, written, resumed };
}

/** The event as a parser hands it on. */
export function parsed({ series = 0, timestampMs, value = 1, id }: TestEvent): ParsedMetricEvent {
  const idHash = { h0: 0, h1: 0, h2: 0, h3: 0 };
  if (id !== undefined) hashEventId(idHash, Buffer.from(id), 0, Buffer.byteLength(id));
  return { series, timestampMs, value, hasId: id !== undefined, idHash, line: 1, readId: () => id };
}
