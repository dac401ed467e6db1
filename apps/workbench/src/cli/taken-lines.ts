import type { IngestOutcome } from '../pipelines/ingest-outcome.js';
import type { TakenFiles } from '../landing/take-files.js';
import type { CommandContext } from './context.js';
import { count } from './format.js';
import { outcomeLine } from './ingest-command.js';

/** More files of a kind than these are summed in one line. */
const SINGLE_LINES = 10;

/** What became of files, as lines for people: one each, or one for each kind when they are many or `sums` is asked for. */
export function takenLines(context: CommandContext, taken: TakenFiles, { sums = false } = {}): string[] {
  return (
    [
      ['metrics', taken.metrics],
      ['events', taken.events],
      ['access logs', taken.logs],
    ] as const
  ).flatMap(([name, outcomes]) => {
    if (sums || outcomes.length > SINGLE_LINES) return sumLine(context, name, outcomes) ?? [];
    return outcomes.map((outcome) => outcomeLine(context, outcome));
  });
}

function sumLine(context: CommandContext, name: string, outcomes: readonly IngestOutcome[]): string | undefined {
  // Several files may be one run.
  const runs = new Map(outcomes.flatMap(({ run }) => (run ? [[run.runId, run.counts] as const] : [])));
  if (runs.size === 0) return undefined;
  const total = [...runs.values()].reduce((sum, counts) => sum + counts.read, 0);
  const rejected = [...runs.values()].reduce((sum, counts) => sum + counts.rejected, 0);
  return `${context.paint('green', '✓', 'stderr')} ${name}: ${count(outcomes.length)} files, ${count(total)} records, ${count(rejected)} of them rejected with a reason`;
}
