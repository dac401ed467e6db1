import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import {
  compareText,
  type PipelineRun,
  type PipelineStage,
  REJECTED_RECORDS,
  type RejectedRecord,
  type RejectReason,
  type RunOutput,
} from '@pulselake/data-model';
import { dayOfKey, inputOfKey } from './lake-layout.js';
import { liveFiles } from './live-files.js';

/** A file of rejected records of one input. */
export interface RejectedFile {
  readonly output: RunOutput;
  readonly stage: PipelineStage;
  readonly inputId: string;
  /** UTC day of the input's last modification, or of arrival. */
  readonly day: string;
  /** Number of the commit that wrote it. */
  readonly sequence: number;
  readonly modifiedAt: string;
}

/** The files of rejected records in the lake, by key. */
export function rejectedFiles(runs: readonly PipelineRun[]): RejectedFile[] {
  const files: RejectedFile[] = [];
  for (const [key, { output, run }] of liveFiles(runs)) {
    if (!key.startsWith(`${REJECTED_RECORDS.prefix}/`)) continue;
    const { stage, inputId } = inputOfKey(key)!;
    const sequence = output.sequence ?? run.sequence ?? 0;
    files.push({ output, stage, inputId, day: dayOfKey(key)!, sequence, modifiedAt: run.finishedAt ?? run.startedAt });
  }
  return files.sort((a, b) => compareText(a.output.uri, b.output.uri));
}

/** The records of a file of rejected records, one after the other; their stage is in the key. */
export async function* readRejected(root: string, key: string): AsyncGenerator<Omit<RejectedRecord, 'stage'>> {
  const lines = createInterface({ input: createReadStream(join(root, key)), crlfDelay: Infinity });
  for await (const line of lines) yield JSON.parse(line) as Omit<RejectedRecord, 'stage'>;
}

/** The digest that names what is redriven of a file for one reason. */
export function redriveDigest(key: string, reason: RejectReason): string {
  return createHash('sha256').update(`${key}\0${reason}`).digest('hex');
}

/** The part of windows that redriven records of a file contribute. */
export function redrivePartId(digest: string): string {
  return `redrive:${digest}`;
}
