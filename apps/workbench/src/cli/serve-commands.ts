import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { DEFAULT_WINDOW_SETTINGS } from '@pulselake/data-model';
import { DuckDbQueryEngine, type Lake, verifyLake } from '@pulselake/lake';
import type { Command } from 'commander';
import { DEMO_SEED, demoFolder, generateDemo, hasDemo, ingestDemo } from '../demo.js';
import { LiveBroadcast } from '../live-broadcast.js';
import { announceCommit, LiveDemo } from '../live-demo.js';
import { replayAbandonedStreams, StreamSession } from '../pipelines/stream-session.js';
import { createApp } from '../server/create-app.js';
import { listen, type ListeningServer } from '../server/listen.js';
import type { LiveFeed } from '../server/live-feed.js';
import { portArgument } from './arguments.js';
import type { CommandContext } from './context.js';
import { count } from './format.js';
import { ingestProgress } from './ingest-command.js';
import { ProgressBar } from './progress.js';
import type { Run } from './run-command.js';

/** Where the page is served unless `--port` says otherwise or it is taken. */
const DEFAULT_PORT = 4680;

/** `start` and `serve`. */
export function addServeCommands(program: Command, run: Run): void {
  program
    .command('start')
    .description('the whole lake at once: a demo fleet when it is empty, all pipelines, a live stream, the dashboard')
    .option('--once', 'end after the pipelines')
    .option(
      '--port <port>',
      `where the dashboard listens on loopback (default: ${DEFAULT_PORT}, or a free one)`,
      portArgument,
    )
    .action(
      run(async (context, _args, options) => {
        const lake = await context.openLake(true, { finishes: true });
        const summary = await runPipelines(context, lake);
        if (options['once'] === true) {
          context.result(summary, summaryLines(context, summary));
          return summary.failed === 0 && summary.problems === 0 ? 0 : 1;
        }
        if (!context.options.json) for (const line of summaryLines(context, summary)) context.say(line);
        await keepStreaming(context, lake, options['port'] as number | undefined);
        return 0;
      }),
    );
  program
    .command('serve')
    .description('the dashboard on an existing lake')
    .option(
      '--port <port>',
      `where the dashboard listens on loopback (default: ${DEFAULT_PORT}, or a free one)`,
      portArgument,
    )
    .action(
      run(async (context, _args, options) => {
        const lake = await context.openLake(false);
        const { engine, server } = await serve(context, lake, options['port'] as number | undefined);
        context.result({ url: server.url }, [`Dashboard: ${server.url}  (Ctrl-C ends)`]);
        await aborted(context.io.signal);
        await server.close();
        await engine.close();
        return 0;
      }),
    );
}

interface Summary {
  readonly ingested: number;
  readonly unchanged: number;
  readonly failed: number;
  readonly recordsRead: number;
  readonly rejected: number;
  readonly runs: number;
  readonly files: number;
  readonly problems: number;
}

/** On an empty lake the demo fleet; then the pipelines on it; then the proof. */
async function runPipelines(context: CommandContext, lake: Lake): Promise<Summary> {
  const progress = new ProgressBar(context.io);
  const quiet = context.options.json === true;
  await replayAbandonedStreams(lake);
  const isOwn = (await lake.ledger()).runs.length > 0;
  let outcomes: Awaited<ReturnType<typeof ingestDemo>> = { metrics: [], events: [], logs: [] };
  const made = !isOwn && (await generateDemo(lake, (text, share) => progress.show(text, share)));
  progress.done();
  if (made && !quiet) context.say(`Made three days of a demo fleet's data, faults included, in ${demoFolder(lake)}`);
  if (hasDemo(lake)) {
    outcomes = await ingestDemo(lake, { signal: context.io.signal, ...ingestProgress(context) });
    const stages = [
      ['metrics', outcomes.metrics],
      ['events', outcomes.events],
      ['access logs', outcomes.logs],
    ] as const;
    for (const [name, ofStage] of stages) {
      const runs = new Map(ofStage.flatMap(({ run }) => (run ? [[run.runId, run.counts] as const] : [])));
      if (quiet || runs.size === 0) continue;
      const total = [...runs.values()].reduce((sum, counts) => sum + counts.read, 0);
      const rejected = [...runs.values()].reduce((sum, counts) => sum + counts.rejected, 0);
      context.say(
        `${context.paint('green', '✓', 'stderr')} ${name}: ${count(ofStage.length)} files, ${count(total)} records, ${count(rejected)} of them rejected with a reason`,
      );
    }
  }
  const all = [...outcomes.metrics, ...outcomes.events, ...outcomes.logs];
  for (const { status, message } of all) if (status === 'failed') context.say(message ?? '');
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

function summaryLines(context: CommandContext, summary: Summary): string[] {
  const { runs, files, recordsRead, rejected, problems } = summary;
  return [
    `The lake ${context.options.lake} has ${count(runs)} runs, ${count(files)} files; ${count(recordsRead)} records were read, ${count(rejected)} rejected.`,
    problems === 0
      ? context.paint('green', 'Proved: every record is accounted for.')
      : context.paint('red', `Not proved: ${count(problems)} problems. Run pulselake verify.`),
    'Ask it:  npx pulselake sql "SELECT * FROM windowed_metrics_current LIMIT 5"',
  ];
}

/** A live stream into the lake and the dashboard on it, until the signal. */
async function keepStreaming(context: CommandContext, lake: Lake, port: number | undefined): Promise<void> {
  const { clock, signal } = context.io;
  const live = new LiveBroadcast();
  // A port that is taken must not leave a stream behind.
  const { engine, server } = await serve(context, lake, port, live);
  const session = await StreamSession.open(lake, {
    settings: DEFAULT_WINDOW_SETTINGS,
    clock,
    onCommit: (run) => announceCommit(live, run.rowsWritten, clock()),
  });
  const failed = new AbortController();
  const demo = new LiveDemo(session, live, clock, DEMO_SEED, (error) => failed.abort(error));
  context.result({ url: server.url }, [`Dashboard: ${server.url}  (a live stream is flowing; Ctrl-C ends)`]);
  await aborted(AbortSignal.any([signal, failed.signal]));
  demo.stop();
  context.say('Closing the stream …');
  await server.close();
  const run = await session.close();
  await engine.close();
  context.say(
    `${count(run.counts.read)} live events read, ${count(run.counts.accepted)} of them in ${count(run.rowsWritten)} windows. Done.`,
  );
}

async function serve(
  context: CommandContext,
  lake: Lake,
  port: number | undefined,
  live?: LiveFeed,
): Promise<{ engine: DuckDbQueryEngine; server: ListeningServer }> {
  const engine = await DuckDbQueryEngine.open(lake.root);
  const app = createApp({
    engine,
    pageDir: pageFolder(),
    clock: context.io.clock,
    ...(live && { live }),
    onError: (error) => context.say(error instanceof Error ? error.message : String(error)),
  });
  return { engine, server: await listenSomewhere(app, port) };
}

/** The default port is a habit, not a promise: when it is taken, any free one will do. */
async function listenSomewhere(
  app: Parameters<typeof listen>[0]['app'],
  port: number | undefined,
): Promise<ListeningServer> {
  if (port !== undefined) return listen({ app, port });
  try {
    return await listen({ app, port: DEFAULT_PORT });
  } catch {
    return listen({ app });
  }
}

/** The page lies in the package, beside the code however that is bundled. */
function pageFolder(): string {
  return join(dirname(createRequire(import.meta.url).resolve('pulselake/package.json')), 'page');
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}
