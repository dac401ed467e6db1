import { PIPELINE_STAGES, type PipelineRun, type PipelineStage, type RejectReason } from '@pulselake/data-model';
import { type NeedsInput, redrive, type RedriveOptions } from '../pipelines/redrive/redrive.js';
import { redriveErrorFiles } from './delivery-errors.js';
import type { RemoteLake } from './remote-lake.js';
import { streamOfLake } from './stream-of-lake.js';

export interface RedriveRemoteOptions extends Omit<RedriveOptions, 'stage' | 'onProgress'> {
  /** The stream of windows, between the Flink job and Firehose. Default the one that the jobs' accounts name. */
  readonly stream?: string;
}

export interface RemoteRedrive {
  readonly runs: readonly PipelineRun[];
  readonly already: number;
  readonly stillRejected: Readonly<Partial<Record<RejectReason, number>>>;
  /** Records that only their input has whole: the job has to read it again. */
  readonly needInput: readonly NeedsInput[];
  /** Files that were brought into the bucket. */
  readonly published: number;
}

/** Rejected log lines are not among them: the Spark job builds their day anew from the logs. */
const STAGES: readonly PipelineStage[] = PIPELINE_STAGES.filter((stage) => stage !== 'traffic-report');

/** Gives what was rejected, or could not be delivered, on AWS a second try. Done again, it takes nothing twice. */
export async function redriveRemote(remote: RemoteLake, options: RedriveRemoteOptions): Promise<RemoteRedrive> {
  const runs: PipelineRun[] = await redriveErrorFiles(remote.lake, options.stream ?? (await streamOfLake(remote.lake)));
  const stillRejected: Partial<Record<RejectReason, number>> = {};
  const needInput: NeedsInput[] = [];
  let already = 0;
  for (const stage of STAGES) {
    const outcome = await redrive(remote.lake, { ...options, stage });
    if (outcome.run) runs.push(outcome.run);
    for (const [reason, records] of Object.entries(outcome.stillRejected) as [RejectReason, number][]) {
      stillRejected[reason] = (stillRejected[reason] ?? 0) + records;
    }
    needInput.push(...outcome.needInput);
    already += outcome.already;
  }
  return { runs, already, stillRejected, needInput, published: await remote.publish(runs) };
}
