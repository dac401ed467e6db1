import { type Lake, verifyLake } from '@pulselake/lake';
import { demoFolder, generateDemo, hasDemo, ingestDemo } from '../demo.js';
import { hasLandingFiles } from '../landing/landing-files.js';
import type { TakenFiles } from '../landing/take-files.js';
import { takeLanding } from '../landing/watch-landing.js';
import { replayAbandonedStreams } from '../pipelines/replay-streams.js';
import type { CommandContext } from './context.js';
import { count, printable } from './format.js';
import { ingestProgress } from './ingest-command.js';
import { ProgressBar } from './progress.js';
import { takenLines } from './taken-lines.js';

/** What the lake holds after the pipelines, and what they did. */
export interface Summary {
  readonly ingested: number;
  readonly unchanged: number;
  readonly failed: number;
  readonly recordsRead: number;
  readonly rejected: number;
  readonly runs: number;
  readonly files: number;
  readonly problems: number;
}

const NOTHING: TakenFiles = { metrics: [], events: [], logs: [] };

/** On an empty lake the demo fleet; then the pipelines on it, and on `landing/` when asked to; then the proof. */
export async function runPipelines(
  context: CommandContext,
  lake: Lake,
  { takesLanding }: { readonly takesLanding: boolean },
): Promise<Summary> {
  const progress = new ProgressBar(context.io);
  const quiet = context.options.json === true;
  const options = { signal: context.io.signal, ...ingestProgress(context) };
  await replayAbandonedStreams(lake);
  const isOwn = (await lake.ledger()).runs.length > 0 || (await hasLandingFiles(lake.root));
  const made = !isOwn && (await generateDemo(lake, (text, share) => progress.show(text, share)));
  progress.done();
  if (made && !quiet) context.say(`Made three days of a demo fleet's data, faults included, in ${demoFolder(lake)}`);
  const demo = hasDemo(lake) ? await ingestDemo(lake, options) : NOTHING;
  const landed = takesLanding ? await takeLanding(lake, options) : NOTHING;
  for (const taken of [demo, landed]) {
    if (!quiet) for (const line of takenLines(context, taken, { sums: true })) context.say(line);
  }
  const all = [demo, landed].flatMap(({ metrics, events, logs }) => [...metrics, ...events, ...logs]);
  for (const { status, message } of all) if (status === 'failed') context.say(printable(message ?? ''));
  const verification = await verifyLake(lake);
  const { runs } = await lake.ledger();
  return {
    ingested: all.filter(({ status }) => status === 'ingested').length,
    unchanged: all.filter(({ status }) => status === 'unchanged').length,
    failed: all.filter(({ status }) => status === 'failed').length,
    recordsRead: verification.recordsRead,
    rejected: runs.reduce((sum, { counts }) => sum + counts.rejected, 0),
    runs: verification.runs,
    files: verification.files,
    problems: verification.problems.length,
  };
}

export function summaryLines(context: CommandContext, summary: Summary): string[] {
  const { runs, files, recordsRead, rejected, problems } = summary;
  return [
    `The lake ${context.options.lake} has ${count(runs)} runs, ${count(files)} files; ${count(recordsRead)} records were read, ${count(rejected)} rejected.`,
    problems === 0
      ? context.paint('green', 'Proved: every record is accounted for.')
      : context.paint('red', `Not proved: ${count(problems)} problems. Run pulselake verify.`),
    'Ask it:  npx pulselake sql "SELECT * FROM windowed_metrics_current LIMIT 5"',
  ];
}
