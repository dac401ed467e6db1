import { parseInstant } from '@pulselake/data-model';
import { HTTPException } from 'hono/http-exception';

/** A range of time, both ends inclusive, in milliseconds since the epoch. */
export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

const DEFAULT_RANGE_MS = 24 * 3_600_000;
const FIRST_MS = Date.parse('0001-01-01T00:00:00Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');

/**
 * Reads a range from an address: each end milliseconds since the epoch or an ISO-8601 instant. Without `to` it ends
 * now, without `from` it is 24 hours long.
 *
 * @throws HTTPException 400 when an end cannot be read, or the range ends before it starts
 */
export function parseRange(from: string | undefined, to: string | undefined, nowMs: number): TimeRange {
  const toMs = to === undefined ? nowMs : parseEnd('to', to);
  const fromMs = from === undefined ? toMs - DEFAULT_RANGE_MS : parseEnd('from', from);
  if (fromMs > toMs) {
    throw new HTTPException(400, {
      message: `The range ends before it starts: from ${from ?? fromMs}, to ${to ?? toMs}.`,
    });
  }
  return { fromMs, toMs };
}

function parseEnd(name: string, text: string): number {
  const epochMs = /^-?\d{1,15}$/.test(text) ? Number(text) : parseInstant(text);
  if (epochMs === undefined || epochMs < FIRST_MS || epochMs > LAST_MS) {
    throw new HTTPException(400, {
      message: `${name} is "${text}"; it must be milliseconds since 1970 or an instant like 2024-02-29T12:00:00Z.`,
    });
  }
  return epochMs;
}
