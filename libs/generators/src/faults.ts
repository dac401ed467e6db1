/** What can be wrong with one record. */
export const RECORD_FAULTS = [
  'late',
  'veryLate',
  'duplicate',
  'midnightSpill',
  'future',
  'malformed',
  'tornLine',
  'wrongType',
  'missingField',
  'badTimestamp',
  'notFinite',
  'badEncoding',
  'tooLong',
  'minAboveMax',
  'emptyWindow',
  'unparsedLine',
] as const;
/** One of {@link RECORD_FAULTS}. */
export type RecordFault = (typeof RECORD_FAULTS)[number];

/** A component that sends nothing for some hours of each day. */
export interface QuietSpell {
  readonly componentName: string;
  /** UTC hour, inclusive, 0–23. */
  readonly fromHour: number;
  /** UTC hour, exclusive, 1–24. */
  readonly toHour: number;
}

/**
 * How much goes wrong. Each record fault has a rate: the share of the records of the formats which can have it, 0 to 1.
 *
 * - `late` an event that arrives 1 to 8 minutes after the others of its time
 * - `veryLate` an event that arrives 20 to 90 minutes late
 * - `duplicate` a punctual event delivered again, unchanged, in the same file within 60 s of stream time
 * - `midnightSpill` an event, log line or window of one day in the file of the next or the previous one
 * - `future` an event 1 to 24 hours ahead of the clock
 * - `malformed`, `tornLine`, `wrongType`, `missingField`, `badTimestamp`, `notFinite`, `badEncoding`, `tooLong` as the reject reasons say
 * - `minAboveMax`, `emptyWindow` in windowed metrics
 * - `unparsedLine` in access logs
 */
export interface Faults extends Readonly<Record<RecordFault, number>> {
  /** Empty lines, as a share of the lines. */
  readonly blankLine: number;
  /** Share of the text files with CRLF line ends. */
  readonly crlfFile: number;
  /** Share of the text files that start with a byte order mark. */
  readonly bomFile: number;
  /** Lines of more than 1 MiB in the first file of each kind. */
  readonly oversizedLines: number;
  /** Clocks that are wrong: milliseconds by component, negative when it is behind. Keep them within a few minutes. */
  readonly clockSkewMs: Readonly<Record<string, number>>;
  readonly quietSpells: readonly QuietSpell[];
}

/** Nothing goes wrong. */
export const NO_FAULTS: Faults = Object.freeze({
  ...(Object.fromEntries(RECORD_FAULTS.map((fault) => [fault, 0])) as Record<RecordFault, number>),
  blankLine: 0,
  crlfFile: 0,
  bomFile: 0,
  oversizedLines: 0,
  clockSkewMs: {},
  quietSpells: [],
});
