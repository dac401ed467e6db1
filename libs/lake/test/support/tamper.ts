import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PipelineRun } from '@pulselake/data-model';
import { encodeRun, type Lake, lastWriters } from '../../src/index.js';

/** Changes one bit of a file. */
export function flipBit(path: string, bit: number): void {
  const bytes = readFileSync(path);
  bytes[bit >> 3]! ^= 1 << (bit & 7);
  writeFileSync(path, bytes);
}

/** Changes a run's entry in the ledger, with a right digest. */
export async function changeRun(
  lake: Lake,
  runId: string,
  change: (run: PipelineRun) => Partial<PipelineRun>,
): Promise<void> {
  const { runs, keys } = await lake.ledger();
  const run = runs.find((candidate) => candidate.runId === runId)!;
  writeFileSync(join(lake.root, keys.get(runId)!), encodeRun({ ...run, ...change(run) }));
}

/** Replaces a file's content, and makes the ledger agree with its bytes; `rows` when the ledger is to say so too. */
export async function forgeFile(lake: Lake, key: string, content: string | Buffer, rows?: number): Promise<void> {
  const { runs } = await lake.ledger();
  const { run } = lastWriters(runs).get(key)!;
  writeFileSync(join(lake.root, key), content);
  const bytes = Buffer.byteLength(content);
  const sha256 = createHash('sha256').update(content).digest('hex');
  await changeRun(lake, run.runId, ({ outputs }) => ({
    outputs: outputs.map((output) =>
      output.uri === key ? { ...output, bytes, sha256, ...(rows !== undefined && { rows }) } : output,
    ),
  }));
}

/** Moves a file to another key, in the ledger too. */
export async function forgeKey(lake: Lake, key: string, to: string): Promise<void> {
  const { runs } = await lake.ledger();
  const { run } = lastWriters(runs).get(key)!;
  mkdirSync(join(lake.root, to, '..'), { recursive: true });
  writeFileSync(join(lake.root, to), readFileSync(join(lake.root, key)));
  rmSync(join(lake.root, key));
  await changeRun(lake, run.runId, ({ outputs }) => ({
    outputs: outputs.map((output) => (output.uri === key ? { ...output, uri: to } : output)),
  }));
}
