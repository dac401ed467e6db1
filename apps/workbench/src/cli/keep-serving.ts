import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { DEFAULT_WINDOW_SETTINGS, type PipelineRun } from '@pulselake/data-model';
import type { StreamingQueryEngine } from '@pulselake/dashboards';
import { type Lake, refreshEnrichedReports } from '@pulselake/lake';
import { serveAthena, type ServedAthena } from '../athena/serve-athena.js';
import { DEMO_SEED } from '../demo.js';
import { createIntakeApp } from '../intake/create-intake-app.js';
import { IntakeStream } from '../intake/intake-stream.js';
import type { TakenFiles } from '../landing/take-files.js';
import { watchLanding } from '../landing/watch-landing.js';
import { LiveBroadcast } from '../live-broadcast.js';
import { announceCommit, LiveDemo } from '../live-demo.js';
import { StreamSession, type StreamSessionOptions } from '../pipelines/stream-session.js';
import { createApp } from '../server/create-app.js';
import { listen, type ListeningServer } from '../server/listen.js';
import { keepRefreshingReports } from '../server/refresh-reports.js';
import { keepSettlingDays } from '../server/settle-days.js';
import type { CommandContext } from './context.js';
import { count } from './format.js';
import { openEngine } from './open-engine.js';
import { takenLines } from './taken-lines.js';

export interface ServeOptions {
  /** Where the dashboard listens; absent: the default, or any free one. */
  readonly port?: number;
  readonly defaultPort: number;
  /** Where events are taken; absent: nowhere. */
  readonly ingestPort?: number;
  /** Where the Athena API is answered; absent: nowhere. */
  readonly athenaPort?: number;
  /** Names besides those of loopback that clients of the Athena API may use. */
  readonly athenaHosts: readonly string[];
  /** Whether files that appear in `landing/` are taken. */
  readonly watches: boolean;
  /** Whether the demo fleet's live stream flows. */
  readonly hasDemo: boolean;
}

/** Time for answers under way when the intake is closed. */
const GRACE_MS = 2000;

/** The dashboard on a lake, with all that goes on beside it, until the signal. */
export async function keepServing(context: CommandContext, lake: Lake, options: ServeOptions): Promise<void> {
  const { clock, signal } = context.io;
  const live = new LiveBroadcast();
  const tell = (run: PipelineRun) => announceCommit(live, run, clock());
  const streamOptions = { settings: DEFAULT_WINDOW_SETTINGS, clock, onCommit: tell };
  const engine = await openEngine(lake.root);
  // Ports that are taken must not leave a stream behind.
  const server = await listenSomewhere(context, engine, live, options);
  const stream = options.hasDemo
    ? demoStream(context, lake, live, streamOptions)
    : intakeStream(context, lake, streamOptions);
  let intake: ListeningServer | undefined;
  let athena: ServedAthena | undefined;
  try {
    if (options.ingestPort !== undefined) {
      const app = createIntakeApp({ session: stream.session, onError: (error) => sayError(context, error) });
      intake = await listen({ app, port: options.ingestPort });
    }
    athena = await serveAthenaOf(context, lake, options);
    await stream.start();
  } catch (error) {
    await Promise.all([intake?.close(), athena?.close(), server.close()]);
    throw error;
  }
  const stop = AbortSignal.any([signal, stream.failed]);
  const settling = keepSettlingDays(engine, stop);
  const watching = options.watches ? watchLanding(lake, watchOptions(context, tell, stop)) : Promise.resolve();
  const changes = options.hasDemo || options.watches || intake !== undefined;
  const refreshing = changes ? keepRefreshingReports(lake, stop, (error) => sayError(context, error)) : undefined;
  const ingestUrl = intake && `${intake.url}/events`;
  const urls = {
    url: server.url,
    ...(ingestUrl !== undefined && { ingestUrl }),
    ...(athena && { athenaUrl: athena.url }),
  };
  context.result(urls, [
    `Dashboard: ${server.url}  (${options.hasDemo ? 'a live stream is flowing; ' : ''}Ctrl-C ends)`,
    ...(ingestUrl === undefined ? [] : [`Intake:    ${ingestUrl}  (POST JSON Lines)`]),
    ...(athena ? [athenaLine(athena.url)] : []),
  ]);
  if (!stop.aborted) await once(stop, 'abort');
  await intake?.close(GRACE_MS);
  await athena?.close();
  await server.close();
  await watching;
  await settling;
  await stream.close();
  await refreshing;
  if (changes) await refreshEnrichedReports(lake).catch((error: unknown) => sayError(context, error));
  await engine.close();
}

function serveAthenaOf(
  context: CommandContext,
  lake: Lake,
  { athenaPort: port, athenaHosts: hosts }: ServeOptions,
): Promise<ServedAthena | undefined> {
  if (port === undefined) return Promise.resolve(undefined);
  return serveAthena(lake.root, {
    port,
    hosts,
    clock: context.io.clock,
    onError: (error) => sayError(context, error),
  });
}

/** How to use it, as a line that works: the keys are not checked, but clients of AWS do not go without. */
function athenaLine(url: string): string {
  return `Athena:    ${url}  (AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local pulselake sql --engine athena --endpoint ${url} "SHOW TABLES")`;
}

/** A stream beside the dashboard. */
interface ServedStream {
  readonly start: () => Promise<void>;
  readonly session: () => Promise<StreamSession>;
  /** Aborted when nothing can go on without it. */
  readonly failed: AbortSignal;
  readonly close: () => Promise<void>;
}

function intakeStream(context: CommandContext, lake: Lake, options: StreamSessionOptions): ServedStream {
  const stream = new IntakeStream(lake, { ...options, onFailure: (error) => sayError(context, error) });
  return {
    start: () => Promise.resolve(),
    session: () => stream.session(),
    failed: new AbortController().signal,
    close: async () => sayRun(context, await stream.close()),
  };
}

/** The demo fleet's stream, which events that are posted go into too; without it the command ends. */
function demoStream(
  context: CommandContext,
  lake: Lake,
  live: LiveBroadcast,
  options: StreamSessionOptions,
): ServedStream {
  const failed = new AbortController();
  let session: Promise<StreamSession> | undefined;
  let demo: LiveDemo | undefined;
  const open = () => (session ??= StreamSession.open(lake, options));
  return {
    start: async () => {
      demo = new LiveDemo(await open(), live, options.clock, DEMO_SEED, (error) => failed.abort(error));
    },
    session: open,
    failed: failed.signal,
    close: async () => {
      demo?.stop();
      context.say('Closing the stream …');
      sayRun(context, await (await open()).close());
    },
  };
}

function watchOptions(context: CommandContext, tell: (run: PipelineRun) => void, signal: AbortSignal) {
  return {
    signal,
    onTaken: (taken: TakenFiles) => {
      const outcomes = [...taken.metrics, ...taken.events, ...taken.logs];
      for (const run of new Set(outcomes.flatMap((outcome) => outcome.run ?? []))) tell(run);
      if (!context.options.json) for (const line of takenLines(context, taken)) context.say(line);
    },
    onFailure: (error: unknown) => {
      context.say('The landing folder could not be taken; it is tried again:');
      sayError(context, error);
    },
  };
}

function sayError(context: CommandContext, error: unknown): void {
  context.say(error instanceof Error ? error.message : String(error));
}

function sayRun(context: CommandContext, run: PipelineRun | undefined): void {
  if (!run) return;
  context.say(
    `${count(run.counts.read)} live events read, ${count(run.counts.accepted)} of them counted in windows, ${count(run.counts.rejected)} rejected. Done.`,
  );
}

/** The default port is a habit, not a promise: when it is taken, any free one will do. */
async function listenSomewhere(
  context: CommandContext,
  engine: StreamingQueryEngine,
  live: LiveBroadcast,
  { port, defaultPort, ingestPort, watches, hasDemo }: ServeOptions,
): Promise<ListeningServer> {
  const isLive = hasDemo || watches || ingestPort !== undefined;
  const app = createApp({
    engine,
    pageDir: pageFolder(),
    clock: context.io.clock,
    ...(isLive && { live }),
    onError: (error) => sayError(context, error),
  });
  if (port !== undefined) return listen({ app, port });
  try {
    return await listen({ app, port: defaultPort });
  } catch {
    return listen({ app });
  }
}

/** The built page lies in the package, beside the code however that is bundled. */
function pageFolder(): string {
  return join(dirname(createRequire(import.meta.url).resolve('pulselake/package.json')), 'dist', 'page');
}
