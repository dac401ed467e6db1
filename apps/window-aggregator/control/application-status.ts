import {
  ControlAccessDeniedError,
  type FlinkApplication,
  type FlinkSnapshot,
  type FlinkSnapshots,
  type ManagedFlink,
} from '@pulselake/aws-clients/managed-flink';
import { digestOfKey } from './jar-key.js';
import { logAdvice } from './log-advice.js';

export interface ApplicationStatus {
  readonly application: string;
  readonly state: string;
  readonly version: number;
  readonly runtime: string;
  readonly jar?: {
    readonly bucket: string;
    readonly key: string;
    readonly sha256?: string;
    readonly sizeBytes?: number;
  };
  readonly snapshotsEnabled: boolean;
  /** Newest first, five at most. */
  readonly snapshots: readonly { readonly name: string; readonly state: string; readonly createdAt?: string }[];
  /** When the job came to run; absent when it does not, or the service does not tell. */
  readonly runningSince?: string;
  readonly uptimeSeconds?: number;
  readonly logStreams: readonly string[];
  /** What could not be read. */
  readonly notes: readonly string[];
}

const SHOWN_SNAPSHOTS = 5;
const RUNS = new Set(['RUNNING', 'ROLLED_BACK', 'AUTOSCALING']);
const STARTS = new Set(['StartApplication', 'UpdateApplication', 'RollbackApplication']);

/** What there is to know about an application. What the credentials do not allow to read becomes a note. */
export async function applicationStatus(
  name: string,
  {
    flink,
    snapshots,
    nowMs,
    signal,
  }: { flink: ManagedFlink; snapshots: FlinkSnapshots; nowMs: number; signal: AbortSignal },
): Promise<ApplicationStatus> {
  const application = await flink.describe(name, { signal });
  const notes: string[] = [];
  const orNote = async <T>(work: Promise<T[]>): Promise<T[]> => {
    try {
      return await work;
    } catch (error) {
      if (!(error instanceof ControlAccessDeniedError)) throw error;
      notes.push(error.message);
      return [];
    }
  };
  const known = await orNote(snapshots.list(name, { signal }));
  const operations = RUNS.has(application.state) ? await orNote(flink.operations(name, { signal })) : [];
  const start = operations.find(({ kind, status }) => STARTS.has(kind) && status === 'SUCCESSFUL');
  const sinceMs = start?.endedMs ?? start?.startedMs;
  return {
    application: name,
    state: application.state,
    version: application.version,
    runtime: application.runtime,
    ...jarOf(application),
    snapshotsEnabled: application.snapshotsEnabled,
    snapshots: known.slice(0, SHOWN_SNAPSHOTS).map(shown),
    ...(sinceMs !== undefined && {
      runningSince: new Date(sinceMs).toISOString(),
      uptimeSeconds: Math.max(0, Math.floor((nowMs - sinceMs) / 1000)),
    }),
    logStreams: application.logStreams,
    notes,
  };
}

/** The status for people. */
export function statusLines(status: ApplicationStatus): string[] {
  const { application, state, version, runtime, jar, snapshots, uptimeSeconds, runningSince } = status;
  return [
    `${application}: ${state}, version ${version}, ${runtime}`,
    ...(runningSince === undefined ? [] : [`runs since ${runningSince} (${duration(uptimeSeconds ?? 0)})`]),
    ...(jar
      ? [`jar: s3://${jar.bucket}/${jar.key}`, `SHA-256: ${jar.sha256 ?? 'not known, since the key does not name it'}`]
      : ['jar: none in S3']),
    ...(status.snapshotsEnabled ? [] : ['snapshots are off: a stop or an update loses the state']),
    ...snapshots.map(
      ({ name, state: made, createdAt }) => `snapshot ${name}: ${made}${createdAt ? `, ${createdAt}` : ''}`,
    ),
    logAdvice(status.logStreams),
    ...status.notes,
  ];
}

function jarOf({ jar, jarSizeBytes }: FlinkApplication): Pick<ApplicationStatus, 'jar'> {
  if (!jar) return {};
  const sha256 = digestOfKey(jar.key);
  return {
    jar: {
      ...jar,
      ...(sha256 !== undefined && { sha256 }),
      ...(jarSizeBytes !== undefined && { sizeBytes: jarSizeBytes }),
    },
  };
}

function shown({ name, state, createdMs }: FlinkSnapshot) {
  return { name, state, ...(createdMs !== undefined && { createdAt: new Date(createdMs).toISOString() }) };
}

function duration(seconds: number): string {
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor(seconds / 3_600) % 24;
  const minutes = Math.floor(seconds / 60) % 60;
  if (days > 0) return `${days} d ${hours} h`;
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min`;
}
