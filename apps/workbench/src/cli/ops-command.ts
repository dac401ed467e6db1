import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ObjectStore } from '@pulselake/aws-clients/objects';
import { PIPELINE_RUNS, REJECT_REASONS, type RejectReason } from '@pulselake/data-model';
import { type Problem, readLedger } from '@pulselake/lake';
import { type Command, Option } from 'commander';
import { redriveRemote } from '../ops/redrive-remote.js';
import { RemoteLake } from '../ops/remote-lake.js';
import { verifyRemote } from '../ops/verify-remote.js';
import { LakeMirror } from '../remote/mirror-lake.js';
import { addWindowOptions, wholeNumber, windowSettings } from './arguments.js';
import { addAwsOptions, awsOptions, environmentArgument, quietSdk } from './aws-options.js';
import { type CommandContext, type ExitCode, UsageError } from './context.js';
import { bytes, count, printable } from './format.js';
import { ProgressBar } from './progress.js';
import { withObjectStore } from './remote-store.js';
import type { CommandWork, Run } from './run-command.js';
import { runsTable } from './runs-table.js';

type Options = Readonly<Record<string, unknown>>;

/** `ops`: what `verify`, `runs` and `redrive` do, on a lake in a bucket. */
export function addOpsCommands(program: Command, run: Run): void {
  const ops = program.command('ops').description('the proofs and repairs of a lake on AWS');
  const add = (name: string, description: string) =>
    addAwsOptions(
      ops
        .command(name)
        .description(description)
        .option('--env <name>', 'the environment that was deployed', environmentArgument)
        .option('--at <uri>', "the lake, when it is not an environment's: s3://BUCKET/PREFIX"),
    );
  const stream = (command: Command) =>
    command.option(
      '--stream <name>',
      "the stream that Firehose reads (default: the environment's, or the one that the accounts of Flink jobs name)",
    );
  stream(add('verify', 'prove the lake on AWS, files of Firehose included; exits 1 otherwise'))
    .option('--rejected-days <n>', 'days after which the bucket expires rejected records', wholeNumber(1, 36_500), 30)
    .option('--read-only', 'do not write into the ledger what was taken up')
    .action(run(verifyWork));
  add('runs', 'the ledger on AWS: what each run read, and where it went')
    .option('--limit <n>', 'show the last n runs', wholeNumber(1, 1_000_000), 20)
    .action(run(runsWork));
  addWindowOptions(
    stream(add('redrive', 'give what was rejected, or could not be delivered, on AWS a second try')).addOption(
      new Option('--reason <codes...>', 'only these').choices(REJECT_REASONS),
    ),
  ).action(run(redriveWork));
}

const verifyWork: CommandWork = async (context, _args, options) => {
  return withRemoteLake(context, options, async (remote, stream, uri) => {
    const progress = new ProgressBar(context.io);
    const verification = await verifyRemote(remote, {
      ...stream,
      rejectedDays: options['rejectedDays'] as number,
      onProgress: (read) => progress.show(`${bytes(read)} checked`),
    });
    progress.done();
    const published = options['readOnly'] === true ? 0 : await remote.publish();
    const ok = verification.problems.length === 0;
    context.result({ ok, at: uri, ...verification, published }, [
      ...verification.problems.map((problem) => context.paint('red', problemLine(problem))),
      `${count(verification.runs)} runs, ${count(verification.recordsRead)} records read, ${count(verification.files)} files, ${bytes(verification.bytes)}.`,
      `${count(verification.adopted)} files of Firehose were taken into the ledger, ${count(verification.expired)} files of rejected records have expired.`,
      ok
        ? context.paint('green', `Proved: every record of ${uri} is accounted for.`)
        : context.paint('red', `Not proved: ${count(verification.problems.length)} problems.`),
    ]);
    return ok ? 0 : 1;
  });
};

const runsWork: CommandWork = async (context, _args, options) => {
  return withPlace(context, options, async (store, root) => {
    const mirror = new LakeMirror(store, root);
    await mirror.update({ prefixes: [`${PIPELINE_RUNS.prefix}/`], signal: context.io.signal });
    const { runs, damaged } = await readLedger(root);
    const shown = runs.slice(-(options['limit'] as number));
    context.result({ at: store.uri, runs: shown, damaged }, [
      ...runsTable(shown, runs.length),
      ...damaged.map((key) => context.paint('red', `${printable(key)}: the entry is damaged.`)),
    ]);
    return damaged.length === 0 ? 0 : 1;
  });
};

const redriveWork: CommandWork = async (context, _args, options) => {
  return withRemoteLake(context, options, async (remote, stream, uri) => {
    const reasons = options['reason'] as RejectReason[] | undefined;
    const outcome = await redriveRemote(remote, {
      ...stream,
      settings: windowSettings(options),
      nowMs: (options['now'] as number | undefined) ?? context.io.clock(),
      signal: context.io.signal,
      ...(reasons && { reasons }),
    });
    const records = outcome.runs.reduce((sum, { counts }) => sum + counts.accepted, 0);
    const left = Object.entries(outcome.stillRejected);
    context.result({ at: uri, ...outcome }, [
      `${count(records)} records came home to ${uri}; ${count(outcome.already)} had before; ${count(outcome.published)} files written.`,
      ...(left.length > 0
        ? [`Still rejected: ${left.map(([reason, rows]) => `${reason} ${count(rows)}`).join(', ')}.`]
        : []),
      ...outcome.needInput.map(
        ({ key, records: cut }) =>
          `${printable(key)}: ${count(cut)} records were cut when they were kept; the job has to read their input again.`,
      ),
      'Rejected log lines are not redriven here: build their day again with pulselake-traffic run --date D.',
    ]);
    return 0;
  });
};

/** Works on the lake of the options in a folder of its own, which is gone afterwards. */
function withRemoteLake(
  context: CommandContext,
  options: Options,
  work: (remote: RemoteLake, stream: { readonly stream?: string }, uri: string) => Promise<ExitCode>,
): Promise<ExitCode> {
  return withPlace(context, options, async (store, root, streamOfEnvironment) => {
    const stream = (options['stream'] as string | undefined) ?? streamOfEnvironment;
    const progress = new ProgressBar(context.io);
    const remote = await RemoteLake.open(store, root, {
      command: context.command,
      clock: context.io.clock,
      signal: context.io.signal,
      onProgress: (done, total) => progress.show(`${count(done)} of ${count(total)} files fetched`, done / total),
    });
    progress.done();
    return work(remote, stream === undefined ? {} : { stream }, store.uri);
  });
}

async function withPlace(
  context: CommandContext,
  options: Options,
  work: (store: ObjectStore, root: string, stream?: string) => Promise<ExitCode>,
): Promise<ExitCode> {
  const { env, at } = options as { readonly env?: string; readonly at?: string };
  if ((env === undefined) === (at === undefined))
    throw new UsageError('Name either --env NAME or --at s3://BUCKET/PREFIX.');
  const place = env === undefined ? { uri: at! } : await placeOf(context, env, options);
  const folder = await mkdtemp(join(tmpdir(), 'pulselake-ops-'));
  try {
    return await withObjectStore(context, place.uri, options, (store) =>
      work(store, join(folder, 'lake'), place.stream),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Where an environment's lake is: its name holds the account and the region. */
async function placeOf(
  { io }: CommandContext,
  environment: string,
  options: Options,
): Promise<{ readonly uri: string; readonly stream?: string }> {
  quietSdk();
  const { createAccountClients, SdkAwsAccount } = await import('@pulselake/aws-clients/account');
  const { deploymentBuckets, windowStream } = await import('@pulselake/aws-clients/deployment');
  const client = createAccountClients(awsOptions(options));
  try {
    const account = new SdkAwsAccount({ client, clock: io.clock, random: Math.random });
    const identity = await account.identity({ signal: io.signal });
    return { uri: `s3://${deploymentBuckets({ ...identity, environment }).lake}`, stream: windowStream(environment) };
  } finally {
    client.destroy();
  }
}

function problemLine({ subject, message }: Problem): string {
  return `${printable(subject)}: ${printable(message)}`;
}
