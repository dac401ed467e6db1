// eslint-disable-next-line @typescript-eslint/triple-slash-reference -- those who compile this file from source must find the types
/// <reference path="./types/parquetjs-lite.d.ts" />
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { formatInstant } from '@pulselake/data-model';
import type { ExpectedManifest } from './expected/expected-manifest.js';
import { ExpectedResults, GENERATED_STAGES } from './expected/expected-results.js';
import { DatasetFolderNotEmptyError } from './dataset-folder-not-empty-error.js';
import { encodeLines } from './files/encode-lines.js';
import type { BytesFile, DatasetFile, ParquetFile } from './files/dataset-file.js';
import type { Dataset } from './generate-dataset.js';

const FOLDERS = ['metrics', 'events', 'access-logs', 'expected'];
/** Batch rows of one window are told apart by these times, cut to the second. */
const MODIFIED_EVERY_MS = 60_000;

const PARQUET_FIELDS = {
  componentName: { type: 'UTF8' },
  metricName: { type: 'UTF8' },
  unit: { type: 'UTF8' },
  minValue: { type: 'DOUBLE' },
  maxValue: { type: 'DOUBLE' },
  sumValue: { type: 'DOUBLE', optional: true },
  sampleCount: { type: 'INT64', optional: true },
  fromTimestamp: { type: 'TIMESTAMP_MILLIS' },
  toTimestamp: { type: 'TIMESTAMP_MILLIS' },
} as const;

/** How far the writing is. */
export interface WriteProgress {
  /** The file just written, below the folder. */
  readonly path: string;
  readonly filesWritten: number;
  readonly filesTotal: number;
  readonly bytesWritten: number;
}

/** How {@link writeDataset} writes. */
export interface WriteDatasetOptions {
  readonly onProgress?: (progress: WriteProgress) => void;
  /** Removes an older data set's folders first; default false. */
  readonly replace?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Writes a data set below a folder: `metrics/`, `events/`, `access-logs/`, and what a correct pipeline makes of it in
 * `expected/`. Files are streamed; of the expected results one entry per window and rejected record is in memory.
 *
 * @returns the manifest, as it stands in `expected/manifest.json`
 * @throws DatasetFolderNotEmptyError when one of these folders holds something and `replace` is not set
 */
export async function writeDataset(
  dataset: Dataset,
  directory: string,
  { onProgress, replace = false, signal }: WriteDatasetOptions = {},
): Promise<ExpectedManifest> {
  await prepareFolders(directory, replace);
  const expected = new ExpectedResults(dataset.nowMs);
  const files: ExpectedManifest['files'][number][] = [];
  let bytesWritten = 0;
  for (const [place, file] of dataset.files.entries()) {
    signal?.throwIfAborted();
    const target = join(directory, ...file.path.split('/'));
    await mkdir(dirname(target), { recursive: true });
    await writeContent(file, target, expected, signal);
    const modified = new Date(modifiedAtMs(dataset, place));
    await utimes(target, modified, modified);
    const { size } = await stat(target);
    bytesWritten += size;
    files.push({ path: file.path, stage: file.stage, bytes: size });
    onProgress?.({ path: file.path, filesWritten: place + 1, filesTotal: dataset.files.length, bytesWritten });
  }
  const manifest: ExpectedManifest = {
    preset: dataset.preset,
    seed: dataset.seed,
    now: formatInstant(dataset.nowMs),
    files,
    stages: Object.fromEntries(
      GENERATED_STAGES.map((stage) => [stage, expected.counts(stage)]),
    ) as ExpectedManifest['stages'],
  };
  await writeExpected(join(directory, 'expected'), expected, manifest);
  return manifest;
}

async function prepareFolders(directory: string, replace: boolean): Promise<void> {
  for (const folder of FOLDERS.map((name) => join(directory, name))) {
    if (replace) await rm(folder, { recursive: true, force: true });
    const names = await readdir(folder).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    });
    if (names.length > 0) throw new DatasetFolderNotEmptyError(folder);
  }
  await mkdir(join(directory, 'expected'), { recursive: true });
}

async function writeContent(
  file: DatasetFile,
  target: string,
  expected: ExpectedResults,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (file.kind === 'parquet') await writeParquet(file, target, expected);
  else await writeBytes(file, target, expected, signal);
}

async function writeBytes(
  file: BytesFile,
  target: string,
  expected: ExpectedResults,
  signal: AbortSignal | undefined,
): Promise<void> {
  const source = Readable.from(file.chunks(expected), { objectMode: true });
  const steps = file.gzip ? [source, createGzip({ level: 6 })] : [source];
  await pipeline([...steps, createWriteStream(target)], signal ? { signal } : {});
}

async function writeParquet(file: ParquetFile, target: string, expected: ExpectedResults): Promise<void> {
  // Loaded when it is needed: it takes longer to load than all the rest.
  const { default: parquet } = await import('parquetjs-lite');
  const schema = new parquet.ParquetSchema(PARQUET_FIELDS);
  const writer = await parquet.ParquetWriter.openFile(schema, target, { useDataPageV2: false });
  for (const row of file.rows(expected)) await writer.appendRow(row);
  await writer.close();
}

/** A minute apart in file order, the last one a minute before the clock. */
function modifiedAtMs({ files, nowMs }: Dataset, place: number): number {
  return Math.floor(nowMs / 1000) * 1000 - (files.length - place) * MODIFIED_EVERY_MS;
}

async function writeExpected(folder: string, expected: ExpectedResults, manifest: ExpectedManifest): Promise<void> {
  const lines = {
    'windowed_metrics.jsonl': expected.windows.lines(),
    'traffic_reports.jsonl': expected.trafficLines(),
    'rejected_records.jsonl': expected.rejectedLines(),
  };
  for (const [name, content] of Object.entries(lines)) {
    await pipeline(Readable.from(encodeLines(content), { objectMode: true }), createWriteStream(join(folder, name)));
  }
  await writeFile(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}
