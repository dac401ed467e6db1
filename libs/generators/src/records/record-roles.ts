import type { RejectReason } from '@pulselake/data-model';

/** Which fields of a record hold what: a fault is put into a field of the right kind. */
export interface RecordRoles {
  readonly texts: readonly string[];
  readonly numbers: readonly string[];
  readonly times: readonly string[];
}

export const EVENT_ROLES: RecordRoles = {
  texts: ['componentName', 'metricName', 'unit'],
  numbers: ['value'],
  times: ['publicationTimestamp'],
};

export const WINDOW_ROLES: RecordRoles = {
  texts: ['componentName', 'metricName', 'unit'],
  numbers: ['minValue', 'maxValue'],
  times: ['fromTimestamp', 'toTimestamp'],
};

/** A line with a fault and the reason for which it must be rejected. Bytes when it is not UTF-8. */
export interface BrokenLine {
  readonly line: string | Uint8Array;
  readonly reason: RejectReason;
}

/** The faults that `breakJson` and `breakCsv` can put into a line. */
export const LINE_FAULTS = [
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
] as const;
export type LineFault = (typeof LINE_FAULTS)[number];
