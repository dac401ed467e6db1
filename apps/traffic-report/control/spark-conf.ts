import type { WorkerSize } from './worker-size.js';

export interface SparkSizes {
  readonly driver: WorkerSize;
  readonly executor: WorkerSize;
  readonly executors: number;
}

/** Spark's settings for workers of these sizes, their number fixed: a run costs what was asked for. Pure. */
export function sparkConf({ driver, executor, executors }: SparkSizes): Record<string, string> {
  return {
    'spark.driver.cores': String(driver.cores),
    'spark.driver.memory': `${driver.memoryGb}g`,
    'spark.driver.memoryOverhead': `${driver.overheadGb}g`,
    'spark.executor.cores': String(executor.cores),
    'spark.executor.memory': `${executor.memoryGb}g`,
    'spark.executor.memoryOverhead': `${executor.overheadGb}g`,
    'spark.executor.instances': String(executors),
    'spark.dynamicAllocation.enabled': 'false',
  };
}

/** What the workers have together. Pure. */
export function totalOf({ driver, executor, executors }: SparkSizes) {
  return {
    vcpu: driver.cores + executors * executor.cores,
    memoryGb: driver.workerGb + executors * executor.workerGb,
  };
}
