import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DatasetFolderNotEmptyError, generateDataset, writeDataset, type WriteProgress } from '../src/index.js';
import { renderDataset } from './support/render-dataset.js';

const NOW_MS = Date.UTC(2024, 2, 3, 15, 17, 3, 250);

describe('writeDataset', () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'pulselake-generators-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const dataset = generateDataset({ preset: 'faulty', seed: 7, nowMs: NOW_MS, scale: 0.1 });

  it('writes each file with the bytes described, a size and an age', async () => {
    const progress: WriteProgress[] = [];
    const manifest = await writeDataset(dataset, directory, { onProgress: (step) => progress.push(step) });
    const { files } = renderDataset(dataset);
    expect(manifest.files.map(({ path }) => path)).toEqual(files.map(({ path }) => path));
    let lastMs = 0;
    for (const [index, { path, bytes }] of manifest.files.entries()) {
      const stored = await readFile(join(directory, path));
      const { mtimeMs, size } = await stat(join(directory, path));
      expect(size).toBe(bytes);
      expect(mtimeMs - lastMs).toBeGreaterThanOrEqual(2000);
      expect(mtimeMs).toBeLessThan(NOW_MS);
      expect(mtimeMs % 1000).toBe(0);
      lastMs = mtimeMs;
      if (path.endsWith('.parquet')) {
        expect(stored.subarray(0, 4).toString() + stored.subarray(-4).toString()).toBe('PAR1PAR1');
      } else {
        const content = path.endsWith('.gz') ? gunzipSync(stored) : stored;
        expect(content.equals(files[index]!.bytes), path).toBe(true);
      }
    }
    expect(progress).toHaveLength(manifest.files.length);
    expect(progress.at(-1)).toMatchObject({
      filesWritten: manifest.files.length,
      filesTotal: manifest.files.length,
      bytesWritten: manifest.files.reduce((sum, { bytes }) => sum + bytes, 0),
    });
  });

  it('writes the expected results, whose counts add up and meet the lines of the files', async () => {
    const manifest = await writeDataset(dataset, directory);
    const names = await readdir(join(directory, 'expected'));
    expect(names.sort()).toEqual([
      'manifest.json',
      'rejected_records.jsonl',
      'traffic_reports.jsonl',
      'windowed_metrics.jsonl',
    ]);
    expect(JSON.parse(await readFile(join(directory, 'expected/manifest.json'), 'utf8'))).toEqual(manifest);
    expect(manifest).toMatchObject({ preset: 'faulty', seed: 7, now: '2024-03-03T15:17:03.250Z' });
    const lines = async (name: string): Promise<Record<string, unknown>[]> =>
      (await readFile(join(directory, 'expected', name), 'utf8'))
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>);
    const rejected = await lines('rejected_records.jsonl');
    for (const [stage, counts] of Object.entries(manifest.stages)) {
      const { read, accepted, duplicate, external, outOfRange, rejectedByReason } = counts;
      expect(read).toBe(accepted + duplicate + external + outOfRange + counts.rejected);
      for (const [reason, count] of Object.entries(rejectedByReason)) {
        expect(rejected.filter((row) => row['stage'] === stage && row['reason'] === reason)).toHaveLength(count);
      }
    }
    const windows = await lines('windowed_metrics.jsonl');
    const samples = (source: string): number =>
      windows.filter((row) => row['source'] === source).reduce((sum, row) => sum + Number(row['sampleCount']), 0);
    expect(samples('stream')).toBe(manifest.stages['stream-windows'].accepted);
    const traffic = await lines('traffic_reports.jsonl');
    expect(traffic.reduce((sum, row) => sum + Number(row['totalRequests']), 0)).toBe(
      manifest.stages['traffic-report'].accepted,
    );
    let csvLines = 0;
    const events = manifest.files.filter(({ stage }) => stage === 'stream-windows');
    for (const { path } of events) {
      const stored = await readFile(join(directory, path));
      const text = (path.endsWith('.gz') ? gunzipSync(stored) : stored).toString('latin1');
      csvLines += text.split('\n').filter((line) => line !== '' && line !== '\r').length;
    }
    expect(csvLines).toBe(manifest.stages['stream-windows'].read);
  });

  it('fails when a folder holds something, and replaces it when asked', async () => {
    await writeDataset(dataset, directory);
    await expect(writeDataset(dataset, directory)).rejects.toThrow(DatasetFolderNotEmptyError);
    await expect(writeDataset(dataset, directory)).rejects.toThrow('is not empty; a data set needs empty folders.');
    const smaller = generateDataset({ preset: 'large', seed: 1, nowMs: NOW_MS, scale: 0.01 });
    await writeDataset(smaller, directory, { replace: true });
    expect(await readdir(join(directory, 'metrics'))).toHaveLength(3);
  });

  it('fails when it is told to stop', async () => {
    await expect(writeDataset(dataset, directory, { signal: AbortSignal.abort() })).rejects.toThrow('aborted');
  });
});
