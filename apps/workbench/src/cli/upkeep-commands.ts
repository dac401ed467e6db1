import { resolve } from 'node:path';
import { formatInstant, utcDay } from '@pulselake/data-model';
import { compactLake, forgetInputs, inputsNamed, pruneLake, refreshEnrichedReports } from '@pulselake/lake';
import { type Command, InvalidArgumentError } from 'commander';
import { replayAbandonedStreams } from '../pipelines/replay-streams.js';
import { dayArgument, daysArgument, wholeNumber } from './arguments.js';
import { UsageError } from './context.js';
import { bytes, count, printable } from './format.js';
import { ProgressBar } from './progress.js';
import type { Run } from './run-command.js';

const DAY_MS = 86_400_000;
const MEBIBYTE = 1024 * 1024;

/** `compact`, `prune`, `forget`. */
export function addUpkeepCommands(program: Command, run: Run): void {
  program
    .command('compact')
    .description('merge the small files of each day, and drop windows that were corrected since')
    .option('--date <day>', 'only this UTC day; may be given more than once', daysArgument)
    .option(
      '--target-mib <n>',
      'files of this size are left alone, and merged files are about as large (default: 128)',
      wholeNumber(1, 65_536),
    )
    .action(
      run(async (context, _args, options) => {
        const lake = await context.openLake(false);
        const progress = new ProgressBar(context.io);
        const days = options['date'] as string[] | undefined;
        const target = options['targetMib'] as number | undefined;
        const runs = await compactLake(lake, {
          signal: context.io.signal,
          ...(days && { days }),
          ...(target !== undefined && { targetBytes: target * MEBIBYTE }),
          onProgress: (day, done, total) => progress.show(day, done / total),
        });
        progress.done();
        const files = runs.reduce((sum, { replaced }) => sum + (replaced?.length ?? 0), 0);
        const outputs = runs.flatMap((each) => each.outputs);
        const dropped = runs.reduce((sum, { counts }) => sum + counts.duplicate, 0);
        const rows = outputs.reduce((sum, output) => sum + output.rows, 0);
        context.result(
          {
            days: runs.flatMap((each) => each.days ?? []),
            files,
            into: outputs.length,
            rows,
            dropped,
            runs: runs.map(({ runId }) => runId),
          },
          [
            runs.length === 0
              ? 'Nothing to merge.'
              : `${count(files)} files of ${count(runs.length)} days merged into ${count(outputs.length)} (${bytes(outputs.reduce((sum, output) => sum + output.bytes, 0))}): ${count(rows)} rows kept, ${count(dropped)} dropped that were corrected since.`,
          ],
        );
        return 0;
      }),
    );
  program
    .command('prune')
    .description('remove old days from all tables; the ledger stays')
    .option('--older-than <days>', 'remove UTC days that ended at least so long ago, like 30d', ageArgument)
    .option('--before <day>', 'remove the UTC days before this one', dayArgument)
    .action(
      run(async (context, _args, options) => {
        const age = options['olderThan'] as number | undefined;
        const before = options['before'] as string | undefined;
        if ((age === undefined) === (before === undefined)) {
          throw new UsageError('prune needs one of --older-than 30d and --before 2024-02-29.');
        }
        const lake = await context.openLake(false);
        await replayAbandonedStreams(lake);
        const first = before ?? utcDay(context.io.clock() - age! * DAY_MS);
        const done = await pruneLake(lake, first);
        const files = done?.replaced?.length ?? 0;
        context.result({ before: first, files, ...(done && { runId: done.runId, rows: done.counts.outOfRange }) }, [
          done
            ? `Removed the days before ${first}: ${count(files)} files, ${count(done.counts.outOfRange)} rows.`
            : `The lake holds nothing of the days before ${first}.`,
        ]);
        return 0;
      }),
    );
  program
    .command('forget <name>')
    .description("remove what came from an input: a run's id, an input's id (or its start), or an address")
    .action(
      run(async (context, [name]) => {
        const lake = await context.openLake(false);
        await replayAbandonedStreams(lake);
        const given = name as string;
        const { run: done, inputs } = await forgetInputs(lake, (runs) => {
          // An address is kept as an absolute path.
          const path = resolve(given);
          return runs.some((each) => each.inputs.some(({ uri }) => uri === path))
            ? inputsNamed(runs, path)
            : inputsNamed(runs, given);
        });
        await refreshEnrichedReports(lake);
        context.result(
          {
            runId: done.runId,
            inputs,
            files: done.replaced?.length ?? 0,
            rows: done.counts.outOfRange,
            at: formatInstant(context.io.clock()),
          },
          [
            ...inputs.map(({ stage, inputId, uri }) => `Forgot ${printable(uri)} (${stage}, ${inputId})`),
            `${count(done.counts.outOfRange)} rows removed. The lake does not know ${inputs.length === 1 ? 'this input' : 'these inputs'} any more: a file that still lies in landing/ is taken up again.`,
          ],
        );
        return 0;
      }),
    );
}

function ageArgument(text: string): number {
  const match = /^(\d{1,5})d$/.exec(text);
  if (!match) throw new InvalidArgumentError('It must be a number of days like 30d.');
  return Number(match[1]);
}
