import { MAX_RAW_BYTES, type RejectReason } from '@pulselake/data-model';
import { codePointCut } from '../bytes/code-points.js';

/** The part of a rejected record that is kept. */
export interface RawRecord {
  readonly raw?: string;
  readonly rawBase64?: string;
  readonly truncated?: true;
}

/** A line that could not be used. */
export interface RejectedLine extends RawRecord {
  readonly reason: RejectReason;
  /** One sentence for people. */
  readonly message: string;
  /** 1-based; 0 for a record of a stream. */
  readonly line: number;
  /** Of a record of a Kinesis stream. */
  readonly sequenceNumber?: string;
}

/** Takes a line that could not be used. */
export type RejectedLineListener = (rejected: RejectedLine) => void;

/** Keeps valid UTF-8 as text, cut to whole code points within 8,192 bytes. */
export function rawText(bytes: Buffer, start: number, end: number, length = end - start): RawRecord {
  const cut = codePointCut(bytes, start, end, MAX_RAW_BYTES);
  const raw = bytes.toString('utf8', start, cut);
  return cut - start < length ? { raw, truncated: true } : { raw };
}

/** Keeps bytes that are not UTF-8 as base64, the first 8,192 of them. */
export function rawBinary(bytes: Buffer, start: number, end: number, length = end - start): RawRecord {
  const cut = Math.min(end, start + MAX_RAW_BYTES);
  const rawBase64 = bytes.toString('base64', start, cut);
  return cut - start < length ? { rawBase64, truncated: true } : { rawBase64 };
}
