import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { parseInstant } from '@pulselake/data-model';
import { generateDataset, writeDataset } from '@pulselake/generators';
import type { Lake } from '@pulselake/lake';
import { expandInputs } from './pipelines/expand-inputs.js';
import { takeFiles, type TakenFiles } from './landing/take-files.js';
import type { IngestOptions } from './pipelines/ingest-outcome.js';

/** The seed of the demo fleet's data. */
export const DEMO_SEED = 1;

/** Where the demo fleet's files lie, beside the tables. */
export function demoFolder(lake: Lake): string {
  return join(lake.root, 'demo');
}

/** Whether the demo fleet's files are there, whole: their manifest is written last. */
export function hasDemo(lake: Lake): boolean {
  return existsSync(join(demoFolder(lake), 'expected', 'manifest.json'));
}

/** The demo fleet's last three days as files, unless they are there. @returns whether they were made now */
export async function generateDemo(lake: Lake, onProgress: (text: string, share: number) => void): Promise<boolean> {
  // Without its manifest the making was interrupted, and nothing of it was ingested yet.
  if (hasDemo(lake)) return false;
  const folder = demoFolder(lake);
  const nowMs = Math.floor(lake.now() / 1000) * 1000;
  await writeDataset(generateDataset({ preset: 'demo', seed: DEMO_SEED, nowMs }), folder, {
    replace: true,
    onProgress: ({ filesWritten, filesTotal }) =>
      onProgress(`making the demo fleet's data: ${filesWritten} of ${filesTotal} files`, filesWritten / filesTotal),
  });
  return true;
}

/** The three pipelines on the demo fleet's files. What is in the lake already is left alone. */
export async function ingestDemo(lake: Lake, options: IngestOptions): Promise<TakenFiles> {
  const folder = demoFolder(lake);
  const manifest = JSON.parse(await readFile(join(folder, 'expected', 'manifest.json'), 'utf8')) as { now: string };
  const inputs = (name: string) => expandInputs([join(folder, name)]);
  const files = { metrics: await inputs('metrics'), events: await inputs('events'), logs: await inputs('access-logs') };
  return takeFiles(lake, files, { ...options, nowMs: parseInstant(manifest.now)! });
}
