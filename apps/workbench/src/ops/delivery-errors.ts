import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatInstant, type PipelineRun, type RunInput } from '@pulselake/data-model';
import { type Lake, LakeError, listKeys, type Problem } from '@pulselake/lake';
import { DeliveryBatch } from '../pipelines/deliver/delivery-batch.js';

/** Where Firehose puts what it could not convert or partition. */
const DELIVERY_ERRORS = 'delivery-errors';

/** A file of records that Firehose could not deliver, and that no run has taken. */
export interface ErrorFile {
  readonly input: RunInput;
  /** The records as they were on the stream. */
  readonly records: readonly Uint8Array[];
  /** Lines that hold no record. */
  readonly unreadable: number;
  /** When the first record arrived, in milliseconds since the epoch. */
  readonly arrivedMs: number;
}

/** Files of records that were not delivered and that no run has taken since. */
export async function openErrorFiles(lake: Lake): Promise<ErrorFile[]> {
  const { runs } = await lake.ledger();
  const taken = new Set(
    runs.filter(({ stage }) => stage === 'delivery').flatMap(({ inputs }) => inputs.map(({ inputId }) => inputId)),
  );
  const files: ErrorFile[] = [];
  for (const key of await listKeys(lake.root, DELIVERY_ERRORS)) {
    const content = await readFile(join(lake.root, key));
    const file = readErrorFile(key, content, lake.now());
    if (!taken.has(file.input.inputId)) files.push(file);
  }
  return files;
}

/**
 * Reads a file of Firehose's error prefix: JSON Lines with the record in base64. Pure.
 *
 * @param nowMs when records arrived that do not say it
 */
export function readErrorFile(key: string, content: Buffer, nowMs: number): ErrorFile {
  const lines = content
    .toString()
    .split('\n')
    .filter((line) => line.trim() !== '');
  const failures = lines.flatMap((line) => failureOf(line) ?? []);
  const sha256 = createHash('sha256').update(content).digest('hex');
  const inputId = createHash('sha256').update(`${key}\0${sha256}`).digest('hex');
  const arrivedMs = failures.reduce((least, failure) => Math.min(least, failure.arrivedMs ?? nowMs), nowMs);
  const modifiedAt = formatInstant(arrivedMs);
  return {
    input: { uri: key, inputId, bytes: content.length, sha256, modifiedAt, records: failures.length },
    records: failures.map(({ record }) => record),
    unreadable: lines.length - failures.length,
    arrivedMs,
  };
}

function failureOf(line: string): { readonly record: Uint8Array; readonly arrivedMs?: number } | undefined {
  try {
    const { rawData, arrivalTimestamp: at } = JSON.parse(line) as { rawData?: unknown; arrivalTimestamp?: unknown };
    if (typeof rawData !== 'string') return undefined;
    const record = Buffer.from(rawData, 'base64');
    return Number.isSafeInteger(at) && (at as number) > 0 ? { record, arrivedMs: at as number } : { record };
  } catch {
    return undefined;
  }
}

/** What these files mean for the proof: their records are not in the lake. Pure. */
export function errorProblems(files: readonly ErrorFile[]): Problem[] {
  return files.map(({ input, records, unreadable }) => ({
    subject: input.uri,
    message:
      `Not delivered: Firehose could not convert ${records.length} records. Run pulselake ops redrive.` +
      (unreadable > 0 ? ` ${unreadable} more lines of the file hold no record.` : ''),
  }));
}

/**
 * Delivers what Firehose could not: the windows among the records go into the lake, the others become rejected records. One
 * run a file, which names it as its input and whose files are named after it: none is taken twice, and what a run that was
 * cut off has left is overwritten. Files with lines that hold no record are left as they are.
 *
 * @throws LakeError when there are such files and nobody knows the stream
 */
export async function redriveErrorFiles(lake: Lake, stream: string | undefined): Promise<PipelineRun[]> {
  const runs: PipelineRun[] = [];
  for (const { input, records, unreadable, arrivedMs } of await openErrorFiles(lake)) {
    if (unreadable > 0) continue;
    if (stream === undefined) {
      throw new LakeError(
        `${input.uri} holds records that Firehose could not convert. Name the stream that it reads with --stream NAME.`,
      );
    }
    const stamp = formatInstant(arrivedMs).replace(/[-:.]/g, '');
    const runId = `delivery-${stamp}-${input.inputId.slice(0, 8)}`;
    const batch = new DeliveryBatch(lake, { name: stream }, { runId, startedAtMs: arrivedMs });
    for (const [index, data] of records.entries()) {
      batch.take({ data, sequenceNumber: `${input.uri}:${index + 1}` });
    }
    runs.push(await batch.commit(new Map(), [input]));
  }
  return runs;
}
