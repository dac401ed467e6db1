import { readFileSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatInstant, parseInstant, type PipelineRun, type RunInput } from '@pulselake/data-model';
import { Lake, type LakeOptions, nextSequence, type RunDraft, type RunTransaction } from '../../src/index.js';

/** The time of every test's lake. */
const NOW_MS = parseInstant('2024-03-02T12:00:00Z')!;

export function openLake(root: string, options: Partial<LakeOptions> = {}): Promise<Lake> {
  return Lake.open(root, { command: 'test', clock: () => NOW_MS, create: true, ...options });
}

export const EMPTY_COUNTS = { read: 0, accepted: 0, duplicate: 0, external: 0, outOfRange: 0, rejected: 0 };

export function draftOf(runId: string, fields: Partial<RunDraft> = {}): RunDraft {
  return {
    runId,
    stage: 'delivery',
    startedAt: formatInstant(NOW_MS),
    finishedAt: formatInstant(NOW_MS),
    status: 'succeeded',
    inputs: [],
    counts: EMPTY_COUNTS,
    rejectedByReason: {},
    ...fields,
  };
}

export function inputOf(inputId: string): RunInput {
  return {
    uri: `/data/${inputId}`,
    inputId,
    bytes: 1,
    sha256: 'ab'.repeat(32),
    modifiedAt: '2024-03-01T00:00:00.000Z',
  };
}

/** Commits a run whose files hold these texts by key. */
export async function commitTexts(
  lake: Lake,
  runId: string,
  texts: Readonly<Record<string, string>>,
  options: { remove?: readonly string[] } = {},
): Promise<PipelineRun> {
  const transaction = await lake.begin(runId);
  await stageTexts(transaction, texts);
  return lake.locked(({ runs }) => transaction.commit(draftOf(runId), { sequence: nextSequence(runs), ...options }));
}

export async function stageTexts(transaction: RunTransaction, texts: Readonly<Record<string, string>>): Promise<void> {
  for (const [key, text] of Object.entries(texts)) {
    await writeFile(await transaction.stage(key), text);
    transaction.add(key, { rows: text === '' ? 0 : text.split('\n').length - 1 });
  }
}

/** Every file below a folder with its content, locks aside. */
export async function snapshot(root: string): Promise<Record<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files: Record<string, string> = {};
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    const key = path.slice(root.length + 1);
    if (entry.isFile() && !key.startsWith('_lock/')) files[key] = readFileSync(path, 'latin1');
  }
  return Object.fromEntries(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)));
}
