import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PIPELINE_RUNS, type PipelineRun, type RunOutput, TABLES } from '@pulselake/data-model';
import { digestFile } from '../digest-file.js';
import { isNotFound, listKeys } from '../lake-files.js';
import { type LiveFile, liveFiles } from '../live-files.js';
import { type KeyChange, lastWriters } from '../run-ledger.js';
import { JOB_FILES } from '../lake-layout.js';
import type { Problem } from './problem.js';

export interface FileCheck {
  readonly problems: readonly Problem[];
  /** Files whose digest holds. */
  readonly intact: readonly LiveFile[];
  readonly bytes: number;
}

/** Holds every file against the ledger: each listed one exists with its digest, and none is unlisted. */
export async function checkFiles(
  root: string,
  runs: readonly PipelineRun[],
  onProgress?: (bytes: number) => void,
): Promise<FileCheck> {
  const problems: Problem[] = [];
  const intact: LiveFile[] = [];
  const live = liveFiles(runs);
  const writers = lastWriters(runs);
  let bytes = 0;
  for (const [key, file] of live) {
    const fault = await fileFault(join(root, key), file.output);
    if (fault === undefined) intact.push(file);
    else problems.push({ subject: key, message: `${fault} (run ${file.run.runId}).` });
    bytes += file.output.bytes;
    onProgress?.(bytes);
  }
  for (const { prefix } of TABLES) {
    if (prefix === PIPELINE_RUNS.prefix) continue;
    for (const key of await listKeys(root, prefix)) {
      if (!live.has(key) && !isUnfinished(key))
        problems.push({ subject: key, message: unlisted(key, writers.get(key)) });
    }
  }
  return { problems, intact, bytes };
}

function unlisted(key: string, change: KeyChange | undefined): string {
  if (change) return `Run ${change.run.runId} has taken this file out; it is back. verify --fix removes it.`;
  return isOfJob(key)
    ? 'Not proved yet: a Flink job wrote this file, and no delivery has taken it up. Run pulselake deliver.'
    : 'No run of the ledger lists this file.';
}

/** What a Flink job has begun and not ended: it is no part of any table. */
function isUnfinished(key: string): boolean {
  return key.includes(`/.${JOB_FILES}`);
}

function isOfJob(key: string): boolean {
  return key.includes(`/${JOB_FILES}`);
}

async function fileFault(path: string, output: RunOutput): Promise<string | undefined> {
  try {
    const { size } = await stat(path);
    if (size !== output.bytes) return `The file has ${size} bytes; the ledger says ${output.bytes}`;
    const { sha256 } = await digestFile(path);
    return sha256 === output.sha256 ? undefined : 'The content is not what was written: its digest differs';
  } catch (error) {
    if (isNotFound(error)) return 'The file is missing';
    return `The file cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}
