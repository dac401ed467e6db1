import { type ArtifactStore, createArtifactStoreClient, S3ArtifactStore } from '@pulselake/aws-clients/artifacts';
import {
  AwsFlinkSnapshots,
  AwsManagedFlink,
  createManagedFlinkClient,
  DEFAULT_RETRY_POLICY,
  type FlinkSnapshots,
  type ManagedFlink,
} from '@pulselake/aws-clients/managed-flink';
import { StoppedError } from '@pulselake/job-control';
import type { AwsFlags } from './control-flags.js';
import type { FlinkIo } from './flink-io.js';
import { RehearsedFlink, RehearsedJars, RehearsedSnapshots, type RehearsedCall } from './rehearsal.js';
import { Waiting } from './waiting.js';

/** Pause between two looks at an application: the account has few requests a second, shared by all that look. */
const POLL_MS = 5_000;

/** What a command works with: AWS, or a rehearsal of it. */
export interface ControlSession {
  readonly flink: ManagedFlink;
  readonly snapshots: FlinkSnapshots;
  readonly jars: ArtifactStore;
  readonly waiting: Waiting;
  /** Calls that a rehearsal would have made. */
  readonly calls: readonly RehearsedCall[];
  readonly report: (line: string) => void;
}

export interface SessionOptions {
  readonly flags: AwsFlags;
  readonly io: FlinkIo;
  readonly report: (line: string) => void;
}

/** Gives `work` the clients that the flags name, and ends them after it. */
export async function withSession<T>(
  { flags, io, report }: SessionOptions,
  work: (session: ControlSession) => Promise<T>,
): Promise<T> {
  const { region, endpoint, timeoutSeconds, dryRun } = flags;
  const { clock, random, sleep, signal } = io;
  const timeoutMs = timeoutSeconds * 1000;
  const flinkClient = createManagedFlinkClient({ region, endpoint });
  const jarClient = createArtifactStoreClient({ region, endpoint });
  let lastTold = '';
  const environment = {
    clock,
    random,
    sleep,
    onRetry: ({ message }: Error) => {
      // Once for what goes on for minutes.
      if (message !== lastTold) report(`trying again: ${message}`);
      lastTold = message;
    },
    retry: { ...DEFAULT_RETRY_POLICY, deadlineMs: Math.min(DEFAULT_RETRY_POLICY.deadlineMs, timeoutMs) },
  };
  const flinkOptions = { client: flinkClient, requestTimeoutMs: Math.min(30_000, timeoutMs), ...environment };
  const flink = new AwsManagedFlink(flinkOptions);
  const snapshots = new AwsFlinkSnapshots(flinkOptions);
  const jars = new S3ArtifactStore({
    client: jarClient,
    requestTimeoutMs: Math.min(600_000, timeoutMs),
    ...environment,
  });
  const waiting = new Waiting({
    clock,
    signal,
    timeoutMs,
    pollMs: POLL_MS,
    // A rehearsal has nothing to wait for.
    sleep: dryRun === true ? () => Promise.resolve() : sleep,
  });
  try {
    if (dryRun !== true) return await work({ flink, snapshots, jars, waiting, calls: [], report });
    const calls: RehearsedCall[] = [];
    const note = (call: RehearsedCall) => {
      calls.push(call);
      report(`would call ${call.operation} ${JSON.stringify(call.input)}`);
    };
    const rehearsed = new RehearsedFlink(flink, note);
    return await work({
      flink: rehearsed,
      snapshots: new RehearsedSnapshots(snapshots, note),
      jars: new RehearsedJars(jars, note),
      waiting,
      calls,
      report: (line) => report(rehearsed.isImagined ? `would go on: ${line}` : line),
    });
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new StoppedError(
      waiting.situation === undefined
        ? 'Stopped before anything was begun.'
        : `Stopped waiting: ${waiting.situation}. AWS goes on with it; the same command waits on.`,
      { cause: error },
    );
  } finally {
    flinkClient.destroy();
    jarClient.destroy();
  }
}
