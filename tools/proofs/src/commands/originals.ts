import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { linesOf } from '../faults/small-inputs.js';
import type { Originals } from './any-file.js';

const fileOf = (lines: readonly string[]): Buffer => Buffer.from(lines.map((line) => `${line}\n`).join(''));

/** Small good files of every format that the commands take. `folder` is for scratch. */
export async function makeOriginals(folder: string): Promise<Originals> {
  const windows = linesOf('metrics', 11);
  const events = linesOf('events', 12);
  const [header, ...rows] = windows.map((line) => line.split(','));
  const windowsAsJson = rows.map((row) => {
    const entries = header!.map((name, index) => [name, /Value|Count/.test(name) ? Number(row[index]) : row[index]]);
    return JSON.stringify(Object.fromEntries(entries));
  });
  const columns = ['componentName', 'metricName', 'unit', 'value', 'publicationTimestamp', 'eventId'];
  const eventsAsCsv = events.map((line) => {
    const event = JSON.parse(line) as Record<string, string | number>;
    return columns.map((name) => event[name]).join(',');
  });
  return {
    metrics: [
      ['.csv', fileOf(windows)],
      ['.csv', fileOf([columns.join(','), ...eventsAsCsv])],
      ['.jsonl', fileOf(windowsAsJson)],
      ['.parquet', await parquetOf(windowsAsJson, folder)],
    ],
    events: [['.ndjson', fileOf(events)]],
    logs: [
      ['.log', fileOf(linesOf('logs', 13))],
      ['-2024-03-01.txt', fileOf(linesOf('logs', 14))],
    ],
  };
}

async function parquetOf(lines: readonly string[], folder: string): Promise<Buffer> {
  const path = join(folder, 'original.parquet');
  const instance = await DuckDBInstance.create(':memory:');
  try {
    const connection = await instance.connect();
    const rows = lines.map((line) => `('${line.replaceAll("'", "''")}')`).join(', ');
    const fields = ['componentName', 'metricName', 'unit', 'fromTimestamp', 'toTimestamp'].map(
      (name) => `line->>'${name}' AS "${name}"`,
    );
    const numbers = ['minValue', 'maxValue', 'sumValue'].map((name) => `(line->>'${name}')::DOUBLE AS "${name}"`);
    await connection.run(
      `COPY (SELECT ${[...fields, ...numbers].join(', ')} FROM (SELECT line::JSON AS line FROM (VALUES ${rows}) AS t(line)))
        TO '${path}' (FORMAT parquet)`,
    );
  } finally {
    instance.closeSync();
  }
  return readFileSync(path);
}
