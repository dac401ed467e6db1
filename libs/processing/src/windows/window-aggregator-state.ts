/** The windows of one end as JSON; the arrays are base64 of their bytes. */
export interface HeldWindowsState {
  readonly toMs: number;
  readonly written: boolean;
  /** Int32: index of each window's series. */
  readonly series: string;
  /** Float64: five numbers a window. */
  readonly stats: string;
  /** Int32: the last revision of each window, −1 before its first. */
  readonly revisions: string;
  /** Int32: four words an event id. */
  readonly ids?: string;
}

/** All that a streaming aggregator holds between two events, as JSON. One that is made from it goes on as that one would. */
export interface WindowAggregatorState {
  /** `null` before the first event. */
  readonly watermarkMs: number | null;
  readonly openEvents: number;
  readonly corrections: number;
  readonly inputs: readonly { readonly watermarkMs: number | null; readonly activeAtMs: number }[];
  readonly held: readonly HeldWindowsState[];
}

/** −Infinity is no number of JSON. */
export function watermarkToJson(watermarkMs: number): number | null {
  return watermarkMs === -Infinity ? null : watermarkMs;
}

export function watermarkFromJson(watermarkMs: number | null): number {
  return watermarkMs ?? -Infinity;
}
