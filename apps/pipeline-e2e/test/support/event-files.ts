import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** Kinesis takes no longer record. */
const MAX_RECORD_BYTES = 1_048_576 - 16;
const OUT_OF_ORDERNESS_MS = 30_000;
const MAX_FUTURE_SKEW_MS = 300_000;
const LF = 0x0a;
const CR = 0x0d;
const MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** The records of generated event files, by shard, in the order of arrival; blank lines are none. */
export async function recordsOfShards(folder: string): Promise<Buffer[][]> {
  const shards: Buffer[][] = [[], []];
  for (const name of (await readdir(folder)).sort()) {
    const bytes = await readFile(join(folder, name));
    const shard = name.includes('-shard-1') ? 1 : 0;
    for (const line of linesOf(name.endsWith('.gz') ? gunzipSync(bytes) : bytes)) shards[shard]!.push(line);
  }
  return shards;
}

/** Those that fit into a Kinesis record. */
export function fitting(records: readonly Buffer[]): Buffer[] {
  return records.filter(({ length }) => length <= MAX_RECORD_BYTES);
}

/**
 * The same records, those last that come out of order: whoever reads them so finds them late, or corrects a window with
 * them, wherever it was interrupted before.
 */
export function lateOnesLast(records: readonly Buffer[], now: string): { punctual: Buffer[]; late: Buffer[] } {
  const punctual: Buffer[] = [];
  const late: Buffer[] = [];
  const latest = Date.parse(now) + MAX_FUTURE_SKEW_MS;
  const places = new Map<string, Buffer[]>();
  let highest = -Infinity;
  for (const record of records) {
    const time = timeOf(record);
    // A repeat goes where its first is: its id is held no longer than that one's.
    const text = record.toString('latin1');
    const place = places.get(text) ?? (time !== undefined && time < highest - OUT_OF_ORDERNESS_MS ? late : punctual);
    places.set(text, place);
    place.push(record);
    if (time !== undefined && time <= latest) highest = Math.max(highest, time);
  }
  return { punctual, late };
}

/** An event that moves the watermark past all windows that end within four minutes of `now`. Its own stays open. */
export function sentinel(now: string, shard: number): Buffer {
  return Buffer.from(
    JSON.stringify({
      componentName: 'sentinel',
      metricName: `shard-${shard}`,
      unit: 'count',
      value: 1,
      publicationTimestamp: new Date(Date.parse(now) + 299_000).toISOString(),
    }),
  );
}

function timeOf(record: Buffer): number | undefined {
  const text = /"publicationTimestamp"\s*:\s*"([^"]+Z)"/.exec(record.toString('latin1'))?.[1];
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? undefined : time;
}

function* linesOf(bytes: Buffer): Generator<Buffer> {
  let start = bytes.subarray(0, 3).equals(MARK) ? 3 : 0;
  while (start < bytes.length) {
    const lf = bytes.indexOf(LF, start);
    const end = lf < 0 ? bytes.length : lf;
    const textEnd = end > start && bytes[end - 1] === CR ? end - 1 : end;
    if (textEnd > start) yield bytes.subarray(start, textEnd);
    start = end + 1;
  }
}
