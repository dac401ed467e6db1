import type { Construct } from 'constructs';
import type { Artifact } from '../artifacts.js';
import { DeadLetters } from '../batches/dead-letters.js';
import { EtlJob } from '../batches/etl-job.js';
import { EtlStart } from '../batches/etl-start.js';
import { FailedEtlRuns } from '../batches/failed-etl-runs.js';
import type { PulselakeConfig } from '../config.js';
import type { LakeStack } from './lake-stack.js';
import { PulselakeStack } from './pulselake-stack.js';

export interface MetricsEtlStackProps {
  readonly lake: LakeStack;
  readonly script: Artifact;
  readonly wheel: Artifact;
  readonly pythonModules: readonly string[];
}

/** Batches of metrics: from files that land to Parquet. */
export class MetricsEtlStack extends PulselakeStack {
  constructor(scope: Construct, config: PulselakeConfig, { lake, ...artifacts }: MetricsEtlStackProps) {
    super(scope, 'metrics-etl', config, 'Pulselake: batches of metrics from landing into the lake');
    const { names } = this;
    const { buckets } = lake;
    const deadLetters = new DeadLetters(this, 'dead-letters', names.etlDeadLetters);
    const job = new EtlJob(this, 'job', { names, config, buckets, ...artifacts });
    new EtlStart(this, 'start', { names, config, landing: buckets.landing, deadLetters }).node.addDependency(job);
    new FailedEtlRuns(this, 'failed', { names, deadLetters });
  }
}
