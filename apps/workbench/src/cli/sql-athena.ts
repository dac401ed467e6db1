import { env } from 'node:process';
import { QueryError, type QueryResult, type QueryStatistics } from '@pulselake/dashboards';
import { type Command, InvalidArgumentError } from 'commander';
import { wholeNumber } from './arguments.js';
import { type CommandContext, UsageError } from './context.js';
import { bytes } from './format.js';

/** Options of `sql` that only Athena understands, as commander names them. */
const ATHENA_OPTIONS = {
  workgroup: '--workgroup',
  database: '--database',
  catalog: '--catalog',
  region: '--region',
  endpoint: '--endpoint',
  outputLocation: '--output-location',
  resultReuseMinutes: '--result-reuse-minutes',
  pricePerTb: '--price-per-tb',
} as const;

type Options = Readonly<Record<string, unknown>>;

/** Athena ends a query after 30 minutes by itself, and may keep it waiting before; who has enough of it presses Ctrl-C. */
const DEADLINE_MS = 60 * 60_000;

export function addAthenaOptions(command: Command): Command {
  return command
    .option('--workgroup <name>', 'Athena: where the query runs and is counted (default: primary)')
    .option('--database <name>', 'Athena: the database of the tables (default: "pulselake")')
    .option('--catalog <name>', 'Athena: the data catalog (default: AwsDataCatalog)')
    .option('--region <name>', 'Athena: the AWS region (default: that of the AWS configuration)')
    .option('--endpoint <url>', 'Athena: another address, for example that of the local endpoint', urlArgument)
    .option('--output-location <uri>', 'Athena: where results go, s3://…, unless the work group says it', s3Argument)
    .option(
      '--result-reuse-minutes <n>',
      'Athena: take the result of the same query up to this age (default: 0, never)',
      wholeNumber(0, 10_080),
    )
    .option('--price-per-tb <usd>', 'Athena: US dollars per TB scanned (default: 5)', priceArgument);
}

/** @throws UsageError when one of Athena's options was given for the embedded engine */
export function refuseAthenaOptions(options: Options): void {
  const given = Object.entries(ATHENA_OPTIONS).find(([name]) => options[name] !== undefined);
  if (given) throw new UsageError(`${given[1]} is for Athena: add --engine athena, or leave it out.`);
}

/** Runs a query on Athena with the credentials of the AWS configuration; tells on standard error what it took. */
export async function queryAthena(context: CommandContext, sql: string, options: Options): Promise<QueryResult> {
  // Its warning of old versions of Node is for those who build this command, not for those who run it.
  env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  // The AWS SDK is large: no other command loads it.
  const { AthenaError, AthenaQueryEngine, createAthenaClient } = await import('@pulselake/aws-clients');
  const text = (name: keyof typeof ATHENA_OPTIONS) => options[name] as string | undefined;
  const endpoint = text('endpoint');
  // The SDK wants one; to an emulator on this machine it means nothing.
  const isAnyRegion = endpoint !== undefined && isLoopback(endpoint) && !context.io.env['AWS_REGION'];
  const region = text('region') ?? (isAnyRegion ? 'us-east-1' : undefined);
  const client = createAthenaClient({
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
  });
  const [workGroup, catalog, outputLocation] = [text('workgroup'), text('catalog'), text('outputLocation')];
  const price = options['pricePerTb'] as number | undefined;
  const engine = new AthenaQueryEngine({
    client,
    clock: context.io.clock,
    database: text('database') ?? 'pulselake',
    deadlineMs: DEADLINE_MS,
    resultReuseMinutes: (options['resultReuseMinutes'] as number | undefined) ?? 0,
    ...(workGroup !== undefined && { workGroup }),
    ...(catalog !== undefined && { catalog }),
    ...(outputLocation !== undefined && { outputLocation }),
    ...(price !== undefined && { pricePerTbUsd: price }),
  });
  try {
    const result = await engine.query(sql, {
      maxRows: options['maxRows'] as number,
      signal: context.io.signal,
    });
    context.say(statisticsLine(result.statistics));
    return result;
  } catch (error) {
    if (!(error instanceof AthenaError)) throw error;
    const isLocal = endpoint !== undefined && isLoopback(endpoint) && error.name === 'AthenaCredentialsError';
    const hint = isLocal ? ' The local endpoint does not check them: any text will do for both keys.' : '';
    throw new QueryError(`${error.message}${hint}`, { cause: error });
  } finally {
    // A query that was given up is stopped before the command ends.
    await engine.close();
    client.destroy();
  }
}

function statisticsLine({ queryId, bytesScanned, costUsd, isReused }: QueryStatistics = {}): string {
  const query = queryId === undefined ? '' : ` Query ${queryId}.`;
  if (isReused === true) return `Result of an earlier query reused: nothing scanned.${query}`;
  if (bytesScanned === undefined || costUsd === undefined) return `Bytes scanned are not known.${query}`;
  return `${bytes(bytesScanned)} scanned, US$ ${costUsd.toFixed(6)}.${query}`;
}

function isLoopback(endpoint: string): boolean {
  return ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(endpoint).hostname);
}

function urlArgument(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return text;
  throw new InvalidArgumentError('It must be an address like http://127.0.0.1:4690.');
}

function s3Argument(text: string): string {
  if (/^s3:\/\/[^/]+/.test(text)) return text;
  throw new InvalidArgumentError('It must be a place like s3://BUCKET/PREFIX/.');
}

function priceArgument(text: string): number {
  if (/^\d{1,6}(?:\.\d{1,6})?$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a number of US dollars like 5 or 6.75.');
}
