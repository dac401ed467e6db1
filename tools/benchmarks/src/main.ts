import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError } from 'commander';
import { measureGrowth } from './growth.js';
import { accessLogs } from './suites/access-logs.js';
import { events } from './suites/events.js';
import { flink } from './suites/flink.js';
import { generator } from './suites/generator.js';
import { glue } from './suites/glue.js';
import { panels } from './suites/panels.js';
import { recordSink } from './suites/record-sink.js';
import { spark } from './suites/spark.js';
import type { Suite, SuiteOptions } from './suites/suite.js';
import { verify } from './suites/verify.js';
import { windowedCsv } from './suites/windowed-csv.js';

const SUITES: Readonly<Record<string, Suite>> = {
  logs: accessLogs,
  csv: windowedCsv,
  events,
  generator,
  verify,
  panels,
  'record-sink': recordSink,
  flink,
  glue,
  spark,
};

const positive = (text: string) => {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('It must be a number above 0.');
  return value;
};

const options = new Command('bench')
  .description('measures Pulselake against baselines in the same run; prints JSON lines, then a table')
  .option('--only <suite...>', `suites to run: ${Object.keys(SUITES).join(', ')}`)
  .option('--rounds <n>', 'rounds of each, alternating', positive, 5)
  .option('--scale <factor>', 'multiplies the inputs', positive, 1)
  .option('--growth', 'how time and memory grow when the input is ten times larger')
  .option('--half', 'end with 1 only when a figure misses half its target')
  .parse()
  .opts<{ only?: string[]; rounds: number; scale: number; growth?: boolean; half?: boolean }>();

const workFile = fileURLToPath(new URL('contestants/run.js', import.meta.url));
const root = await mkdtemp(join(tmpdir(), 'pulselake-bench-'));
const verdicts = [];
try {
  for (const [name, suite] of Object.entries(SUITES)) {
    if (options.only && !options.only.includes(name)) continue;
    const folder = join(root, name);
    await mkdir(folder);
    const given: SuiteOptions = {
      folder,
      rounds: options.rounds,
      scale: options.scale,
      work: (work, ...args) => [process.execPath, workFile, work, ...args],
      baselines: fileURLToPath(new URL('../baselines', import.meta.url)),
    };
    if (options.growth && !suite.alone) continue;
    const found = await (options.growth ? measureGrowth(name, suite, given) : suite.compare(given));
    for (const verdict of found) process.stdout.write(`${JSON.stringify(verdict)}\n`);
    verdicts.push(...found);
  }
} finally {
  await rm(root, { recursive: true, force: true });
}

process.stdout.write('\n');
for (const { work, figure, baseline, ratio, target, met, halfMet, rssMB, spread } of verdicts) {
  const mark = met ? 'met ' : halfMet ? 'half' : 'MISS';
  const memory = rssMB === undefined ? '' : `, RSS ${Math.round(rssMB)} MB`;
  process.stdout.write(
    `${mark}  ${work}: ${figure} against ${baseline}; ratio ${ratio.toFixed(2)} (${target}); ${spread}${memory}\n`,
  );
}
process.exitCode = verdicts.every(({ met, halfMet }) => (options.half ? halfMet : met)) ? 0 : 1;
