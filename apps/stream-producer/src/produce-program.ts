import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { setTimeout as sleepFor } from 'node:timers/promises';
import {
  createKinesisClient,
  DEFAULT_RETRY_POLICY,
  ensureStream,
  KinesisRecordSink,
} from '@pulselake/aws-clients/kinesis';
import { parseInstant } from '@pulselake/data-model';
import { type Command as CommanderCommand, Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { accountLines } from './account.js';
import { chooseInput, INPUT_PRESETS, type InputChoice } from './choose-input.js';
import { UsageError } from './errors.js';
import type { PaceOptions } from './pace.js';
import { printableLines } from './printable.js';
import { produce } from './produce.js';
import { ProgressLine } from './progress-line.js';
import { RejectedFile } from './rejected-file.js';

/** The process around the command, so that tests can run it without one. */
export interface ProducerIo {
  readonly stdin: Readable;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** From 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
  /** Stop reading, and settle what was read. */
  readonly signal: AbortSignal;
}

interface ProduceFlags {
  readonly stream?: string;
  readonly region?: string;
  readonly endpoint?: string;
  readonly task?: string;
  readonly preset?: InputChoice['preset'];
  readonly seed?: number;
  readonly now?: number;
  readonly rate?: number;
  readonly realtime?: boolean;
  readonly asFast?: boolean;
  readonly limit?: number;
  readonly rejected?: string;
  readonly create?: boolean;
  readonly shards?: number;
  readonly deadline: number;
  readonly requestTimeout: number;
  readonly strict?: boolean;
  readonly json?: boolean;
  readonly debug?: boolean;
}

/** Runs `pulselake-produce`. 0 done; 1 failed, or stopped before the end; 2 wrong usage; 3 done, rejects and `--strict`. */
export async function runProducer(args: readonly string[], io: ProducerIo): Promise<number> {
  let exitCode = 0;
  const command = producerCommand(io, async (files, flags) => {
    exitCode = await send(files, flags, io);
  });
  try {
    await command.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (io.signal.aborted) {
      io.stderr.write('Stopped before anything was sent.\n');
      return 1;
    }
    const text = command.opts<ProduceFlags>().debug ? ((error as Error).stack ?? '') : (error as Error).message;
    io.stderr.write(`${printableLines(text)}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

/** The command's flags and help. */
export function producerCommand(
  io: Pick<ProducerIo, 'stdout' | 'stderr'>,
  action: (files: string[], flags: ProduceFlags) => Promise<void>,
): CommanderCommand {
  return new Command('pulselake-produce')
    .description('Sends metric events to a Kinesis data stream, and says what became of each.')
    .argument('[files...]', 'JSON Lines, plain or gzip; patterns; - for standard input')
    .option('--stream <name>', "the stream (default: the task's)")
    .option('--region <name>', "AWS region (default: the task's, or that of the AWS configuration)")
    .option('--endpoint <url>', "another address than that of AWS (default: the task's)")
    .option('--task <file>', 'a kinesis-metrics-stream task of the training generator')
    .addOption(
      new Option('--preset <name>', 'generated events; live goes on until it is stopped').choices(INPUT_PRESETS),
    )
    .option('--seed <n>', "of --preset or --task (default: 1, or the task's)", wholeNumber(0))
    .option('--now <instant>', "where a preset's data ends (default: now)", instant)
    .addOption(
      new Option('--rate <n>', 'at most so many events a second').argParser(positive).conflicts(['realtime', 'asFast']),
    )
    .addOption(
      new Option('--realtime', 'as far apart as the timestamps say (default of a realtime task)').conflicts('asFast'),
    )
    .option('--as-fast', 'as fast as the stream takes them (default otherwise)')
    .option('--limit <n>', 'send at most so many events', wholeNumber(0))
    .option('--rejected <file>', 'write what is no event there, with its reason')
    .option('--create', 'make the stream unless there is one')
    .option('--shards <n>', 'shards of a stream that is made (default: 1)', wholeNumber(1))
    .option(
      '--deadline <seconds>',
      'give an event up after this time',
      positive,
      DEFAULT_RETRY_POLICY.deadlineMs / 1000,
    )
    .option('--request-timeout <seconds>', 'send again what was not answered after this time', positive, 15)
    .option('--strict', 'end with 3 when events were rejected')
    .option('--json', 'print the account as one JSON document')
    .option('--debug', 'show where an error comes from')
    .version('0.1.0')
    .showHelpAfterError('(--help shows what there is)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(printableLines(text)),
    })
    .action(action);
}

async function send(files: readonly string[], flags: ProduceFlags, io: ProducerIo): Promise<number> {
  const { clock, random, signal, stderr, stdout } = io;
  const sleep = (ms: number, stop: AbortSignal) => sleepFor(ms, undefined, { signal: stop });
  if (flags.shards !== undefined && !flags.create) throw new UsageError('--shards goes with --create.');
  const { sources, task } = await chooseInput({
    files,
    task: flags.task,
    preset: flags.preset,
    seed: flags.seed,
    nowMs: flags.now ?? clock(),
    stdin: io.stdin,
    env: io.env,
    clock,
    sleep,
  });
  const stream = flags.stream ?? task?.stream.streamName;
  if (stream === undefined) throw new UsageError('Name the stream: --stream NAME.');
  if (!/^[a-zA-Z0-9_.-]{1,128}$/.test(stream)) {
    throw new UsageError(`"${stream}" is no name of a stream: 1 to 128 letters, digits, "_", "." or "-".`);
  }
  const endpoint = flags.endpoint ?? task?.stream.endpoint;
  if (endpoint !== undefined && !/^https?:\/\/[^/]/.test(endpoint)) {
    throw new UsageError(`--endpoint is "${endpoint}"; it must be an address that begins with http:// or https://.`);
  }
  const region = flags.region ?? task?.stream.region;
  const rejectedFile = flags.rejected === undefined ? undefined : await RejectedFile.create(flags.rejected);
  const client = createKinesisClient({
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
  });
  const progress = new ProgressLine(stderr, clock);
  try {
    if (flags.create) {
      await ensureStream(client, { streamName: stream, shards: flags.shards ?? 1, clock, random, signal });
    }
    const account = await produce({
      stream,
      sources,
      pace: paceOf(flags, task?.timer['@type']),
      limit: flags.limit,
      signal,
      clock,
      sleep,
      newId: () => randomUUID(),
      openSink: (onSettled) =>
        new KinesisRecordSink({
          client,
          streamName: stream,
          clock,
          random,
          onSettled,
          requestTimeoutMs: flags.requestTimeout * 1000,
          retry: { ...DEFAULT_RETRY_POLICY, deadlineMs: flags.deadline * 1000 },
        }),
      onRejected: rejectedFile && ((source, rejected) => rejectedFile.add(source, rejected)),
      onProgress: ({ read, settled }) => progress.show(`${read} read, ${settled} settled`),
    });
    progress.done();
    if (flags.json) stdout.write(`${JSON.stringify(account, undefined, 2)}\n`);
    else stdout.write(`${accountLines(account).map(printableLines).join('\n')}\n`);
    // Standard input and live events have no end of their own: to stop them is how they end.
    const isEndless = sources.some(({ isRepeatable }) => !isRepeatable);
    const isCut = account.stopped === 'signal' && !isEndless;
    if (account.failed > 0 || account.error !== undefined || account.stopped === 'failure' || isCut) return 1;
    return account.rejected > 0 && flags.strict ? 3 : 0;
  } finally {
    progress.done();
    client.destroy();
    await rejectedFile?.close();
  }
}

function paceOf({ rate, realtime, asFast }: ProduceFlags, timer: string | undefined): PaceOptions {
  if (rate !== undefined) return { kind: 'rate', eventsPerSecond: rate };
  return { kind: realtime || (timer === 'realtime' && !asFast) ? 'realtime' : 'fast' };
}

function wholeNumber(min: number) {
  return (text: string): number => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && Number.isSafeInteger(value)) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${min} on.`);
  };
}

function positive(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('It must be a number above 0.');
}

function instant(text: string): number {
  const value = parseInstant(text);
  if (value === undefined) throw new InvalidArgumentError('It must be an instant like 2024-02-29T12:00:00Z.');
  return value;
}
