import { PIPELINE_STAGES, type PipelineStage, REJECT_REASONS, type RejectReason } from '@pulselake/data-model';
import { refreshEnrichedReports } from '@pulselake/lake';
import { type Command, InvalidArgumentError } from 'commander';
import { NO_COUNTS } from '../pipelines/ingest-outcome.js';
import { readAgain } from '../pipelines/redrive/read-again.js';
import { redrive } from '../pipelines/redrive/redrive.js';
import { replayAbandonedStreams } from '../pipelines/replay-streams.js';
import { addWindowOptions, dayArgument, windowSettings } from './arguments.js';
import { count, printable } from './format.js';
import { ProgressBar } from './progress.js';
import type { Run } from './run-command.js';

/** `redrive`: a second try for rejected records. */
export function addRedriveCommand(program: Command, run: Run): void {
  const command = program
    .command('redrive')
    .description('give rejected records a second try: late events come home, and what a fix made readable')
    .option(
      '--reason <code>',
      `only these; may be given more than once (${REJECT_REASONS.join(', ')})`,
      reasonsArgument,
    )
    .option('--stage <stage>', 'only records that this stage rejected', stageArgument)
    .option('--from <day>', 'only inputs modified, or streams arrived, on this UTC day or later', dayArgument)
    .option('--to <day>', 'or on this day or earlier', dayArgument);
  addWindowOptions(command).action(
    run(async (context, _args, options) => {
      const lake = await context.openLake(false);
      await replayAbandonedStreams(lake);
      const settings = windowSettings(options);
      const nowMs = (options['now'] as number | undefined) ?? context.io.clock();
      const { signal } = context.io;
      const progress = new ProgressBar(context.io);
      const outcome = await redrive(lake, {
        settings,
        nowMs,
        signal,
        ...pick(options, 'reason', 'reasons'),
        ...pick(options, 'stage', 'stage'),
        ...pick(options, 'from', 'from'),
        ...pick(options, 'to', 'to'),
        onProgress: ({ done, total, path }) => progress.show(path, done / total),
      });
      progress.done();
      const again = await readAgain(lake, outcome.needInput, {
        settings,
        nowMs,
        signal,
        ...pick(options, 'reason', 'reasons'),
      });
      await refreshEnrichedReports(lake);
      const stillRejected = { ...outcome.stillRejected };
      for (const [reason, records] of Object.entries(again.stillRejected) as [RejectReason, number][]) {
        stillRejected[reason] = (stillRejected[reason] ?? 0) + records;
      }
      const counts = outcome.run?.counts ?? NO_COUNTS;
      const failed = again.outcomes.filter(({ status }) => status === 'failed');
      const left = Object.entries(stillRejected) as [RejectReason, number][];
      context.result(
        {
          ...(outcome.run && { runId: outcome.run.runId }),
          counts,
          alreadyRedriven: outcome.already,
          stillRejected,
          inputsReadAgain: again.outcomes.map(({ path, status }) => ({ path, status })),
          notes: again.notes,
        },
        [
          `${count(counts.read)} rejected records taken = ${count(counts.accepted)} accepted + ${count(counts.duplicate)} duplicate + ${count(counts.external)} external + ${count(counts.outOfRange)} out of range.`,
          ...(outcome.already > 0 ? [`${count(outcome.already)} had been redriven before.`] : []),
          ...left.map(([reason, records]) => `  still rejected as ${reason}: ${count(records)}`),
          ...again.outcomes.map(
            ({ path, message }) => `Read again: ${printable(path)}${message ? ` (${printable(message)})` : ''}`,
          ),
          ...again.notes.slice(0, SHOWN_NOTES).map((note) => printable(note)),
          ...(again.notes.length > SHOWN_NOTES
            ? [`… and ${count(again.notes.length - SHOWN_NOTES)} more inputs; --json lists all.`]
            : []),
        ],
      );
      return failed.length > 0 ? 1 : 0;
    }),
  );
}

/** More would hide the rest. */
const SHOWN_NOTES = 10;

function pick<Name extends string>(options: Readonly<Record<string, unknown>>, option: string, name: Name) {
  return (options[option] === undefined ? {} : { [name]: options[option] }) as Partial<Record<Name, never>>;
}

function reasonsArgument(text: string, reasons: readonly RejectReason[] = []): RejectReason[] {
  const reason = REJECT_REASONS.find((code) => code === text);
  if (!reason) throw new InvalidArgumentError(`It must be one of ${REJECT_REASONS.join(', ')}.`);
  return [...reasons, reason];
}

const REJECTING_STAGES = PIPELINE_STAGES.filter(
  (stage) => stage === 'metrics-etl' || stage === 'stream-windows' || stage === 'traffic-report',
);

function stageArgument(text: string): PipelineStage {
  const stage = REJECTING_STAGES.find((name) => name === text);
  if (!stage) throw new InvalidArgumentError(`It must be one of ${REJECTING_STAGES.join(', ')}.`);
  return stage;
}
