import type { PipelineRun, RunCounts } from '@pulselake/data-model';
import { type Lake, refreshEnrichedReports } from '@pulselake/lake';
import type { Command } from 'commander';
import { expandInputs } from '../pipelines/expand-inputs.js';
import { ingestEvents } from '../pipelines/ingest-events.js';
import { ingestKinesis } from '../pipelines/ingest-kinesis.js';
import { ingestLogs } from '../pipelines/ingest-logs.js';
import { ingestMetrics } from '../pipelines/ingest-metrics.js';
import { balances, type IngestOptions, type IngestOutcome, NO_COUNTS } from '../pipelines/ingest-outcome.js';
import { ingestStandardInput } from '../pipelines/ingest-standard-input.js';
import { addWindowOptions, daysArgument, windowSettings } from './arguments.js';
import { type CommandContext, type ExitCode, UsageError } from './context.js';
import { count, printable } from './format.js';
import { addKinesisOptions, kinesisOptions, streamReader } from './kinesis-options.js';
import { ProgressBar } from './progress.js';
import type { Run } from './run-command.js';

/** `ingest metrics | events | logs`. */
export function addIngestCommands(program: Command, run: Run): void {
  const ingest = program.command('ingest').description('bring your own files into the lake');
  const common = (command: Command) =>
    command
      .option('--force', 'read inputs again that the lake holds already')
      .option('--replace', 'other content at a known address takes the place of what was there')
      .option('--strict', 'exit with 3 when records were rejected');
  addWindowOptions(
    common(
      ingest
        .command('metrics <files...>')
        .description(
          'windowed metrics (CSV, JSON Lines, Parquet) and plain events in CSV; files, folders, globs; plain or gzip',
        ),
    ),
  ).action(
    run(async (context, [files], options) => {
      const inputs = await expandInputs(files as string[]);
      const lake = await context.openLake(true);
      return report(
        context,
        lake,
        options,
        await ingestMetrics(lake, inputs, {
          ...reading(context, options, inputs.length),
          settings: windowSettings(options),
          nowMs: (options['now'] as number | undefined) ?? context.io.clock(),
        }),
      );
    }),
  );
  addKinesisOptions(
    addWindowOptions(
      common(
        ingest
          .command('events [files...]')
          .description('metric events (JSON Lines); files, folders, globs, - for standard input, or a Kinesis stream'),
      ),
    ),
  )
    .option(
      '--until-caught-up',
      'end when everything is read that has arrived on the stream; default: go on until Ctrl-C',
    )
    .option(
      '--mode <mode>',
      'bounded (files: nothing is late) or streaming (watermark and lateness); default: bounded for files, streaming for -',
    )
    .action(
      run(async (context, [files], options) => {
        const mode = options['mode'] as string | undefined;
        if (mode !== undefined && mode !== 'bounded' && mode !== 'streaming') {
          throw new UsageError(`--mode is ${mode}; it must be bounded or streaming.`);
        }
        const names = files as string[];
        const kinesis = kinesisOptions(options);
        if (names.length > 0 === (kinesis.stream !== undefined)) {
          throw new UsageError('ingest events needs either files or --kinesis STREAM.');
        }
        if (kinesis.stream !== undefined && mode === 'bounded') {
          throw new UsageError('--mode is bounded; a stream is read as streaming.');
        }
        if (names.includes('-') && names.length > 1) {
          throw new UsageError('- is standard input; it cannot be mixed with files.');
        }
        const settings = windowSettings(options);
        const now = options['now'] as number | undefined;
        const clock = now === undefined ? context.io.clock : () => now;
        if (kinesis.stream !== undefined) {
          const lake = await context.openLake(true, { finishes: true });
          const { stream, region } = kinesis;
          const run = await ingestKinesis(lake, {
            source: { name: stream, ...(region !== undefined && { region }) },
            read: await streamReader(context, kinesis, options),
            settings,
            clock,
            signal: context.io.signal,
          });
          const empty = run.counts.read === 0 && { message: 'It held no new record.' };
          return report(context, lake, options, [{ path: `stream ${stream}`, status: 'ingested', run, ...empty }]);
        }
        const inputs = names.includes('-') ? [] : await expandInputs(names);
        const lake = await context.openLake(true, { finishes: names.includes('-') });
        if (names.includes('-')) {
          const outcome = await ingestStandardInput(lake, context.io.stdin, {
            settings,
            mode: mode ?? 'streaming',
            clock,
            signal: context.io.signal,
          });
          return report(context, lake, options, [outcome]);
        }
        return report(
          context,
          lake,
          options,
          await ingestEvents(lake, inputs, {
            ...reading(context, options, inputs.length),
            settings,
            mode: mode ?? 'bounded',
            nowMs: now ?? context.io.clock(),
          }),
        );
      }),
    );
  common(
    ingest
      .command('logs <files...>')
      .description('server access logs in all known shapes; files, folders, globs; plain or gzip'),
  )
    .option('--date <day>', 'report only this UTC day; may be given more than once', daysArgument)
    .option('--include-users', 'add the calls of people with source users')
    .action(
      run(async (context, [files], options) => {
        const inputs = await expandInputs(files as string[]);
        const lake = await context.openLake(true);
        const days = options['date'] as string[] | undefined;
        return report(
          context,
          lake,
          options,
          await ingestLogs(lake, inputs, {
            ...reading(context, options, inputs.length),
            ...(days && { days }),
            includeUsers: options['includeUsers'] === true,
          }),
        );
      }),
    );
}

/** More lines than this hide the failed ones. */
const SHOWN_OUTCOMES = 200;

function reading(context: CommandContext, options: Readonly<Record<string, unknown>>, inputs: number): IngestOptions {
  return {
    force: options['force'] === true,
    replace: options['replace'] === true,
    signal: context.io.signal,
    ...ingestProgress(context, (outcome) => {
      if (context.options.json || (inputs > SHOWN_OUTCOMES && outcome.status !== 'failed')) return;
      context.say(outcomeLine(context, outcome));
    }),
  };
}

/** Shows how far the reading is: inputs done, and the share of the one that is read. */
export function ingestProgress(
  context: CommandContext,
  onOutcome: (outcome: IngestOutcome) => void = () => undefined,
): Pick<IngestOptions, 'onProgress' | 'onRead' | 'onOutcome'> {
  const progress = new ProgressBar(context.io);
  let state = { done: 0, total: 1, path: '' };
  const show = (share: number) => {
    const { done, total, path } = state;
    progress.show(`${done + 1} of ${total}: ${path}`, (done + share) / total);
  };
  return {
    onProgress: (next) => {
      state = next;
      show(0);
    },
    onRead: (read, total) => show(read / total),
    onOutcome: (outcome) => {
      progress.done();
      onOutcome(outcome);
    },
  };
}

/** What became of an input, as a line for people. */
export function outcomeLine(context: CommandContext, { path, status, run, message }: IngestOutcome): string {
  const mark = {
    ingested: context.paint('green', '✓', 'stderr'),
    unchanged: '=',
    failed: context.paint('red', '✗', 'stderr'),
  }[status];
  if (status === 'failed') return `${mark} ${printable(message ?? path)}`;
  const single = run && run.inputs.length <= 1 ? `: ${accountText(run)}` : '';
  return `${mark} ${printable(path)}${single}${message === undefined ? '' : ` (${message})`}`;
}

async function report(
  context: CommandContext,
  lake: Lake,
  options: Readonly<Record<string, unknown>>,
  outcomes: readonly IngestOutcome[],
): Promise<ExitCode> {
  await refreshEnrichedReports(lake);
  const runs = [...new Map(outcomes.flatMap(({ run }) => (run ? [[run.runId, run] as const] : []))).values()];
  const good = runs.filter((run) => run.status !== 'failed');
  const counts = good.reduce((sum, run) => addCounts(sum, run.counts), NO_COUNTS);
  const of = (status: IngestOutcome['status']) => outcomes.filter((outcome) => outcome.status === status).length;
  const unbalanced = good.filter((run) => !balances(run));
  const reasons = new Map<string, number>();
  for (const run of good) {
    for (const [reason, rows] of Object.entries(run.rejectedByReason))
      reasons.set(reason, (reasons.get(reason) ?? 0) + rows);
  }
  context.result(
    {
      inputs: outcomes.map(({ path, status, message, run }) => ({
        path,
        status,
        ...(message !== undefined && { message }),
        ...(run && { runId: run.runId }),
      })),
      counts,
      rejectedByReason: Object.fromEntries(reasons),
      runs: runs.map(({ runId }) => runId),
    },
    [
      `${count(of('ingested'))} inputs ingested, ${count(of('unchanged'))} unchanged, ${count(of('failed'))} failed.`,
      countsText(counts),
      ...[...reasons].sort((a, b) => b[1] - a[1]).map(([reason, rows]) => `  rejected as ${reason}: ${count(rows)}`),
    ],
  );
  for (const run of unbalanced)
    context.say(`${run.runId} does not balance: this is a bug in pulselake. Run pulselake verify.`);
  if (of('failed') > 0 || unbalanced.length > 0) return 1;
  return options['strict'] === true && counts.rejected > 0 ? 3 : 0;
}

function accountText(run: PipelineRun): string {
  return `${count(run.counts.read)} read, ${count(run.counts.accepted)} accepted, ${count(run.counts.rejected)} rejected`;
}

/** The balance of a run or of several, for people. */
function countsText(counts: RunCounts): string {
  return `${count(counts.read)} records read = ${count(counts.accepted)} accepted + ${count(counts.duplicate)} duplicate + ${count(counts.external)} external + ${count(counts.outOfRange)} out of range + ${count(counts.rejected)} rejected`;
}

function addCounts(a: RunCounts, b: RunCounts): RunCounts {
  return {
    read: a.read + b.read,
    accepted: a.accepted + b.accepted,
    duplicate: a.duplicate + b.duplicate,
    external: a.external + b.external,
    outOfRange: a.outOfRange + b.outOfRange,
    rejected: a.rejected + b.rejected,
  };
}
