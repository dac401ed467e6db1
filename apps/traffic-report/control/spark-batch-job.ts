import type { SparkJobs, StartSparkRunRequest } from '@pulselake/aws-clients/emr-serverless';
import type { BatchJob } from '@pulselake/job-control';
import { logAdvice } from './log-advice.js';
import { sparkBatchRun, type SparkBatchRun } from './spark-batch-run.js';

/** One run of an application of EMR Serverless. */
export function sparkBatchJob(jobs: SparkJobs, request: StartSparkRunRequest): BatchJob<SparkBatchRun> {
  const { application } = request;
  return {
    service: 'EMR Serverless',
    name: application,
    start: (signal) => jobs.startRun(request, { signal }),
    look: async (id, signal) => sparkBatchRun(await jobs.getRun({ application, id }, { signal })),
    cancel: (id, signal) => jobs.cancelRun({ application, id }, { signal }),
    logAdvice: ({ spark }) => logAdvice(spark),
  };
}
