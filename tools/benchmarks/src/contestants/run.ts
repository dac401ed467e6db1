import process from 'node:process';

type Work = (args: readonly string[]) => Promise<string[]>;

/** Each loads what it needs and no more: memory and start are those of the work. */
const CONTESTANTS: Readonly<Record<string, () => Promise<Work>>> = {
  pulselake: async () => (await import('./pulselake.js')).pulselake,
  'duckdb-copy': async () => (await import('./duckdb.js')).duckDbCopy,
  'sum-parquet': async () => (await import('./duckdb.js')).sumParquet,
  'events-windows': async () => (await import('./events.js')).eventsToWindows,
  'events-naive': async () => (await import('./events.js')).eventsToWindowsNaively,
  'generate-csv': async () => (await import('./generator.js')).generateCsv,
  'generate-csv-naive': async () => (await import('./generator.js')).generateCsvNaively,
  'make-fleet-lake': async () => (await import('./make-fleet-lake.js')).makeFleetLake,
  'make-lake': async () => (await import('./make-lake.js')).makeLake,
  'sink-server': async () => (await import('./sink-server.js')).sinkServer,
  'sink-ours': async () => (await import('./record-sink.js')).sinkOurs,
  'sink-down': async () => (await import('./record-sink.js')).sinkDown,
  'sink-signed': async () => (await import('./record-sink-signed.js')).sinkSigned,
  'sink-sdk': async () => (await import('./record-sink-sdk.js')).sinkSdk,
};

/** Runs one piece of work in this process and tells its memory: `run.js NAME ARGS…`. */
const [name = '', ...args] = process.argv.slice(2);
const load = CONTESTANTS[name];
if (!load) throw new Error(`There is no work called "${name}".`);
const lines = await (await load())(args);
process.stdout.write(lines.map((line) => `${line}\n`).join(''));
process.stderr.write(`\nmaxRSS ${process.resourceUsage().maxRSS}\n`);
