import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import {
  type ExpectedManifest,
  generateDataset,
  parseTask,
  PRESET_NAMES,
  type PresetName,
  writeDataset,
} from '@pulselake/generators';
import { InputError } from '@pulselake/lake';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { instantArgument, wholeNumber } from './arguments.js';
import { UsageError } from './context.js';
import { bytes, count } from './format.js';
import { ProgressBar } from './progress.js';
import type { Run } from './run-command.js';

/** `generate`: seeded test data with faults, and the results that a correct pipeline must give. */
export function addGenerateCommand(program: Command, run: Run): void {
  program
    .command('generate')
    .description('make seeded test data with faults, and beside it in expected/ what must come out')
    .addOption(new Option('--preset <name>', 'what to make').choices(PRESET_NAMES))
    .option('--task <file>', 'a task file of the training generator instead of a preset')
    .option(
      '--seed <n>',
      "the same seed makes the same bytes for the same --now (default: 1, or the task's)",
      wholeNumber(0, Number.MAX_SAFE_INTEGER),
    )
    .requiredOption('--out <dir>', 'where to write')
    .option('--scale <factor>', 'multiplies the records of faulty and large, 0.01 to 100', scaleArgument)
    .option('--now <instant>', 'where the data ends (default: the wall clock, or the end of the task)', instantArgument)
    .option('--replace', 'remove an older data set first')
    .action(
      run(async (context, _args, options) => {
        const { preset, task, seed, out, scale, now, replace } = options as unknown as GenerateOptions;
        if ((preset === undefined) === (task === undefined))
          throw new UsageError('Name either --preset NAME or --task FILE.');
        const directory = resolve(out);
        const dataset =
          task === undefined
            ? generateDataset({
                preset: preset!,
                seed: seed ?? 1,
                nowMs: now ?? Math.floor(context.io.clock() / 1000) * 1000,
                ...(scale !== undefined && { scale }),
              })
            : generateDataset({
                task: await readTask(task, context.io.env),
                ...(seed !== undefined && { seed }),
                ...(now !== undefined && { nowMs: now }),
              });
        const progress = new ProgressBar(context.io);
        const manifest = await writeDataset(dataset, directory, {
          replace: replace ?? false,
          signal: context.io.signal,
          onProgress: ({ filesWritten, filesTotal, bytesWritten }) =>
            progress.show(`${filesWritten} of ${filesTotal} files, ${bytes(bytesWritten)}`, filesWritten / filesTotal),
        });
        progress.done();
        context.result({ directory, ...manifest }, [
          `${count(manifest.files.length)} files in ${directory}, and in expected/ what must come out. Now:`,
          ...nextCommands(directory, manifest),
        ]);
        return 0;
      }),
    );
}

interface GenerateOptions {
  readonly preset?: PresetName;
  readonly task?: string;
  readonly seed?: number;
  readonly out: string;
  readonly scale?: number;
  readonly now?: number;
  readonly replace?: boolean;
}

const FOLDERS = [
  ['metrics', 'metrics-etl', true],
  ['events', 'stream-windows', true],
  ['logs', 'traffic-report', false],
] as const;

/** The commands that bring a data set into a lake and prove it. */
function nextCommands(directory: string, manifest: ExpectedManifest): string[] {
  const ingest = FOLDERS.filter(([, stage]) => manifest.files.some((file) => file.stage === stage)).map(
    ([kind, , clock]) => {
      const folder = `${directory}/${kind === 'logs' ? 'access-logs' : kind}`;
      return `  pulselake ingest ${kind} ${folder}${clock ? ` --now ${manifest.now}` : ''}`;
    },
  );
  return [...ingest, `  pulselake verify --expected ${directory}`];
}

async function readTask(path: string, env: Readonly<Record<string, string | undefined>>) {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new InputError(`${path}: the task file cannot be read (${(error as Error).message}).`, { cause: error });
  }
  const placeholders = Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  return parseTask(text, { placeholders, fileName: basename(path) });
}

function scaleArgument(text: string): number {
  const scale = Number(text);
  if (!(scale >= 0.01 && scale <= 100)) throw new InvalidArgumentError('It must be a number from 0.01 to 100.');
  return scale;
}
