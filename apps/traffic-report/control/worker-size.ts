import { UsageError } from '@pulselake/job-control';

/** Memory of EMR Serverless' workers in GB, by their vCPUs. @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/app-behavior.html */
const SIZES: Readonly<Record<number, { readonly least: number; readonly most: number; readonly step: number }>> = {
  1: { least: 2, most: 8, step: 1 },
  2: { least: 4, most: 16, step: 1 },
  4: { least: 8, most: 30, step: 1 },
  8: { least: 16, most: 60, step: 4 },
  16: { least: 32, most: 120, step: 8 },
};

/** What Spark needs beside its heap, at least: a share of it, or these GB. */
const OVERHEAD_SHARE = 0.1;
const LEAST_OVERHEAD_GB = 384 / 1024;

export interface WorkerSize {
  readonly cores: number;
  /** Spark's heap. */
  readonly memoryGb: number;
  /** The rest of the worker, which is paid for in any case, and which Python lives in. */
  readonly overheadGb: number;
  /** Of the whole worker. */
  readonly workerGb: number;
}

/**
 * The smallest worker that holds a heap. Pure.
 *
 * @param what the driver or an executor, for messages
 * @throws UsageError when there is none
 */
export function workerSize(what: string, cores: number, memoryGb: number): WorkerSize {
  const size = SIZES[cores];
  if (!size) throw new UsageError(`A ${what} has 1, 2, 4, 8 or 16 cores, not ${cores}.`);
  const { least, most, step } = size;
  const needed = memoryGb + Math.max(LEAST_OVERHEAD_GB, memoryGb * OVERHEAD_SHARE);
  const workerGb = least + Math.max(0, Math.ceil((needed - least) / step)) * step;
  if (workerGb > most) {
    throw new UsageError(
      `A ${what} with ${cores} cores and ${memoryGb} GB of heap needs ${needed.toFixed(1)} GB with Spark's overhead; a worker with ${cores} vCPU has ${most} GB at most. Give it less memory, or more cores.`,
    );
  }
  return { cores, memoryGb, overheadGb: workerGb - memoryGb, workerGb };
}
