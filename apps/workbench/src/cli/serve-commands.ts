import { type Command, InvalidArgumentError } from 'commander';
import { replayAbandonedStreams } from '../pipelines/replay-streams.js';
import { portArgument } from './arguments.js';
import type { ServeOptions } from './keep-serving.js';
import type { Run } from './run-command.js';
import { runPipelines, summaryLines } from './start-pipelines.js';

/** Only these commands need a web server. */
const loadServer = () => import('./keep-serving.js');

/** Where the page is served unless `--port` says otherwise or it is taken. */
const DEFAULT_PORT = 4680;

/** `start` and `serve`. */
export function addServeCommands(program: Command, run: Run): void {
  addServeOptions(
    program
      .command('start')
      .description('the whole lake at once: a demo fleet when it is empty, all pipelines, a live stream, the dashboard')
      .option('--once', 'end after the pipelines'),
  ).action(
    run(async (context, _args, options) => {
      const lake = await context.openLake(true, { finishes: true });
      const once = options['once'] === true;
      const serveOptions = serveOptionsOf(options);
      const summary = await runPipelines(context, lake, { takesLanding: once && serveOptions.watches });
      if (once) {
        context.result(summary, summaryLines(context, summary));
        return summary.failed === 0 && summary.problems === 0 ? 0 : 1;
      }
      if (!context.options.json) for (const line of summaryLines(context, summary)) context.say(line);
      const { keepServing } = await loadServer();
      await keepServing(context, lake, { athenaPort: 0, ...serveOptions, hasDemo: true });
      return 0;
    }),
  );
  addServeOptions(program.command('serve').description('the dashboard on an existing lake')).action(
    run(async (context, _args, options) => {
      const serveOptions = serveOptionsOf(options);
      const hasIntake = serveOptions.ingestPort !== undefined;
      const lake = await context.openLake(false, {
        finishes: hasIntake,
        readsOnly: !hasIntake && !serveOptions.watches,
      });
      if (hasIntake) await replayAbandonedStreams(lake);
      const { keepServing } = await loadServer();
      await keepServing(context, lake, { ...serveOptions, hasDemo: false });
      return 0;
    }),
  );
}

function addServeOptions(command: Command): Command {
  return command
    .option(
      '--port <port>',
      `where the dashboard listens on loopback (default: ${DEFAULT_PORT}, or a free one)`,
      portArgument,
    )
    .option(
      '--ingest-port <port>',
      'take events (JSON Lines) by POST to /events at this port on loopback; 0 takes any free one',
      portArgument,
    )
    .option(
      '--athena-port <port>',
      'answer the Athena API at this port on loopback; 0 takes any free one (start does without being asked)',
      portArgument,
    )
    .option(
      '--athena-host <name>',
      'let programs call the Athena API by this name too, for example host.docker.internal',
      hostArgument,
    )
    .option('--no-watch', 'leave files that appear in the landing folder of the lake alone');
}

function serveOptionsOf(options: Readonly<Record<string, unknown>>): Omit<ServeOptions, 'hasDemo'> {
  const port = options['port'] as number | undefined;
  const ingestPort = options['ingestPort'] as number | undefined;
  const athenaHost = options['athenaHost'] as string | undefined;
  const athenaPort = options['athenaPort'] as number | undefined;
  return {
    defaultPort: DEFAULT_PORT,
    athenaHosts: athenaHost === undefined ? [] : [athenaHost],
    watches: options['watch'] !== false,
    ...(port !== undefined && { port }),
    ...(ingestPort !== undefined && { ingestPort }),
    ...(athenaPort !== undefined && { athenaPort }),
  };
}

function hostArgument(text: string): string {
  if (/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i.test(text)) return text;
  throw new InvalidArgumentError('It must be the name of a host, without a port.');
}
