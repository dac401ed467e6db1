import type { RejectReason } from '@pulselake/data-model';
import type { StreamSession } from '../pipelines/stream-session.js';

/** What became of the events of one request. */
export interface PostOutcome {
  /** Lines that are not empty: `accepted + duplicate + rejectedTotal`. */
  readonly read: number;
  readonly accepted: number;
  readonly duplicate: number;
  readonly rejectedTotal: number;
  /** The first hundred; all of them are in `rejected_records`. `line` is counted from 1 in the request. */
  readonly rejected: readonly { readonly line: number; readonly reason: RejectReason; readonly message: string }[];
}

const LISTED = 100;
const BATCH_BYTES = 256 * 1024;
const LF = 0x0a;
const BOM = Buffer.from('\ufeff');

/**
 * Sends JSON Lines into a stream, and comes back when they are safe. Lines never span requests: the last one needs no line
 * end.
 *
 * @throws the error of the stream when it has failed; then some of the lines may have been taken
 */
export async function postEvents(session: StreamSession, body: Buffer): Promise<PostOutcome> {
  const rejected: PostOutcome['rejected'][number][] = [];
  let [read, accepted, duplicate, rejectedTotal, lines] = [0, 0, 0, 0, 0];
  for (const batch of batchesOf(body.indexOf(BOM) === 0 ? body.subarray(BOM.length) : body)) {
    const outcome = session.push(batch);
    for (const { line, reason, message } of outcome.rejected) {
      if (rejected.length < LISTED) rejected.push({ line: lines + line, reason, message });
    }
    read += outcome.read;
    accepted += outcome.accepted;
    duplicate += outcome.duplicate;
    rejectedTotal += outcome.rejected.length;
    lines += outcome.lines;
    await session.room();
  }
  await session.synced();
  return { read, accepted, duplicate, rejectedTotal, rejected };
}

/** Whole lines, so many that they are not much at once. */
function* batchesOf(body: Buffer): Generator<Buffer> {
  for (let start = 0; start < body.length;) {
    const end = body.indexOf(LF, Math.min(start + BATCH_BYTES, body.length) - 1) + 1;
    if (end > 0) yield body.subarray(start, end);
    else {
      const rest = body.subarray(start);
      yield rest[rest.length - 1] === LF ? rest : Buffer.concat([rest, Buffer.of(LF)]);
      return;
    }
    start = end;
  }
}
