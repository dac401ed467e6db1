import { gunzipSync, gzipSync } from 'node:zlib';
import type { Random } from '@pulselake/generators';
import { type Kind, linesOf } from '../faults/small-inputs.js';
import { linesOf as recordsOf } from '../fuzz/line-model.js';
import { mutate } from '../fuzz/mutate.js';

/** A file for a command, damaged or not. */
export interface AnyFile {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Whole files of a kind, before they are damaged, by the ending of their names. */
export type Originals = Readonly<Record<Kind, readonly (readonly [ending: string, bytes: Buffer])[]>>;

const ENDINGS = ['.csv', '.jsonl', '.ndjson', '.json', '.parquet', '.txt', '.log', '-2024-03-01.txt', '.gz', ''];

/** A file of a kind with its bytes and its name damaged anyhow; some stay whole. */
export function anyFile(kind: Kind, name: string, originals: Originals, random: Random): AnyFile {
  const [ending, original] = random.pick(originals[kind]);
  const others = linesOf(kind, 7).map((line) => Buffer.from(line));
  let bytes = random.chance(0.3) ? original : damaged(original, random, others);
  let endings = ending;
  if (random.chance(0.35)) {
    bytes = zipped(bytes, random);
    endings = `${ending}.gz`;
  }
  if (random.chance(0.1)) endings = random.pick(ENDINGS);
  return { name: `${name}${endings}`, bytes };
}

function damaged(original: Buffer, random: Random, others: readonly Buffer[]): Buffer {
  const way = random.int(0, 8);
  if (way === 0) return original.subarray(0, random.int(0, original.length + 1));
  if (way === 1) return Buffer.concat([original, random.pick(others)]);
  if (way === 2) return Buffer.from(original.toString('latin1').replaceAll('\n', '\r\n'), 'latin1');
  let bytes = original;
  for (let times = random.int(1, 25); times > 0; times--) bytes = mutate(bytes, random, others);
  return bytes;
}

/** As gzip: whole, of several members, cut off, with damage, with something behind it. */
function zipped(bytes: Buffer, random: Random): Buffer {
  const at = random.int(0, bytes.length + 1);
  const zip = random.chance(0.3)
    ? Buffer.concat([gzipSync(bytes.subarray(0, at)), gzipSync(bytes.subarray(at))])
    : gzipSync(bytes, { level: random.int(0, 10) });
  const way = random.int(0, 6);
  if (way === 0) return zip.subarray(0, random.int(0, zip.length));
  if (way === 1) return mutate(zip, random, [bytes]);
  if (way === 2) return Buffer.concat([zip, random.pick([Buffer.alloc(3), Buffer.from('rest'), zip.subarray(0, 12)])]);
  return zip;
}

/**
 * The records that a command must find in a file that it takes, counted apart from it; `undefined` where only the engine
 * can tell (Parquet).
 *
 * @throws Error when it cannot be taken at all
 */
export function recordsIn(kind: Kind, { name, bytes }: AnyFile): number | undefined {
  const content = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
  if (kind === 'metrics' && content === bytes && bytes.subarray(0, 4).toString('latin1') === 'PAR1') return undefined;
  const records = recordsOf(content, 1_048_576).length;
  const hasHeader = kind === 'metrics' && !/\.(jsonl|ndjson|json)(\.gz)?$/.test(name);
  return hasHeader ? Math.max(records - 1, 0) : records;
}
