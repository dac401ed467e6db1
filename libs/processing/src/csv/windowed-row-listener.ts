/** A windowed metric as the parsers hand it on. One object is reused for all: valid during the call only. */
export interface ParsedWindowedRow {
  /** Index in the parser's series table. */
  series: number;
  minValue: number;
  maxValue: number;
  /** NaN when not delivered. */
  sumValue: number;
  /** NaN when not delivered. */
  sampleCount: number;
  /** Milliseconds since the epoch, inclusive. */
  fromMs: number;
  /** Milliseconds since the epoch, exclusive. */
  toMs: number;
  /** 1-based. */
  line: number;
}

/** Takes a row, which is valid during the call only. */
export type WindowedRowListener = (row: ParsedWindowedRow) => void;

/** An empty row to be filled and handed on. */
export function newWindowedRow(): ParsedWindowedRow {
  return { series: 0, minValue: 0, maxValue: 0, sumValue: NaN, sampleCount: NaN, fromMs: 0, toMs: 0, line: 0 };
}
