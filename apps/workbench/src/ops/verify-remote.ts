import { REJECTED_RECORDS, utcDay } from '@pulselake/data-model';
import { dayOfKey, type Lake, listKeys, liveFiles, type Problem, type Verification, verifyLake } from '@pulselake/lake';
import { JobFiles, type NotYetAdopted } from '../pipelines/deliver/job-files.js';
import { type Adoption, adoptDeliveries, isFirehoseKey } from './adopt-deliveries.js';
import { errorProblems, openErrorFiles } from './delivery-errors.js';
import type { RemoteLake } from './remote-lake.js';
import { streamOfLake } from './stream-of-lake.js';

export interface VerifyRemoteOptions {
  /** The stream of windows, between the Flink job and Firehose. Default the one that the jobs' accounts name. */
  readonly stream?: string;
  /** Days after which the bucket's lifecycle removes rejected records. */
  readonly rejectedDays: number;
  readonly onProgress?: (bytes: number) => void;
}

export interface RemoteVerification extends Verification {
  /** Files of Firehose that were taken into the ledger. */
  readonly adopted: number;
  /** Files of rejected records that the bucket's lifecycle removed. */
  readonly expired: number;
}

const DAY_MS = 86_400_000;

/**
 * Proves a lake in a bucket, after files of Firehose and accounts of Flink jobs were taken into its ledger. When something
 * does not hold, it looks at the bucket once more: jobs write while it works.
 */
export async function verifyRemote(remote: RemoteLake, options: VerifyRemoteOptions): Promise<RemoteVerification> {
  const first = await verifyOnce(remote, options);
  if (first.problems.length === 0 || !(await remote.refresh())) return first;
  const second = await verifyOnce(remote, options);
  return { ...second, adopted: first.adopted + second.adopted };
}

async function verifyOnce({ lake }: RemoteLake, options: VerifyRemoteOptions): Promise<RemoteVerification> {
  const waiting = await new JobFiles(lake).adopt();
  const stream = options.stream ?? (await streamOfLake(lake));
  const { run, problems }: Adoption = stream === undefined ? { problems: [] } : await adoptDeliveries(lake, stream);
  const verification = await verifyLake(lake, options);
  const expired = await expiredKeys(lake, options.rejectedDays);
  // A file that was not adopted has been explained better than by saying that no run lists it.
  const explained = new Set([...problems.map(({ subject }) => subject), ...expired]);
  return {
    ...verification,
    adopted: run?.outputs.length ?? 0,
    expired: verification.problems.filter(({ subject }) => expired.has(subject)).length,
    problems: [
      ...verification.problems
        .filter(({ subject }) => !explained.has(subject))
        .map((problem) => (stream === undefined ? nameTheStream(problem) : adviceForAws(problem))),
      ...problems,
      ...waiting.map(waitingProblem),
      ...errorProblems(await openErrorFiles(lake)),
    ],
  };
}

/** On one machine, deliveries are a command's; here they are Firehose's, and this command takes them up. */
function adviceForAws({ subject, message }: Problem): Problem {
  return { subject, message: message.replace('Run pulselake deliver', 'Run pulselake ops verify again') };
}

/** A file of Firehose cannot be taken up while nobody knows what it was delivered from. */
function nameTheStream({ subject, message }: Problem): Problem {
  if (!isFirehoseKey(subject)) return { subject, message };
  return { subject, message: `${message} Firehose wrote it: name the stream that it reads with --stream NAME.` };
}

/** Keys of rejected records that are old enough to have been removed by the bucket's lifecycle. */
async function expiredKeys(lake: Lake, rejectedDays: number): Promise<ReadonlySet<string>> {
  const { runs } = await lake.ledger();
  const before = utcDay(lake.now() - rejectedDays * DAY_MS);
  const present = new Set(await listKeys(lake.root, REJECTED_RECORDS.prefix));
  const old = [...liveFiles(runs).keys()].filter(
    (key) => key.startsWith(`${REJECTED_RECORDS.prefix}/`) && (dayOfKey(key) ?? before) < before && !present.has(key),
  );
  return new Set(old);
}

function waitingProblem({ runId, counted, found }: NotYetAdopted): Problem {
  return {
    subject: runId,
    message: `Not proved yet: the Flink job counted ${counted} rejected records, and its final files hold ${found}. Run this again when it has made its next checkpoint.`,
  };
}
