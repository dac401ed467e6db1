import type { Construct } from 'constructs';
import type { Artifact } from '../artifacts.js';
import { DeadLetters } from '../batches/dead-letters.js';
import { DailyTrafficReport } from '../batches/daily-traffic-report.js';
import { SparkApplication } from '../batches/spark-application.js';
import { TrafficStateMachine } from '../batches/traffic-state-machine.js';
import type { PulselakeConfig } from '../config.js';
import type { LakeStack } from './lake-stack.js';
import { PulselakeStack } from './pulselake-stack.js';

export interface TrafficReportStackProps {
  readonly lake: LakeStack;
  readonly entryPoint: Artifact;
  readonly pyFiles: Artifact;
}

/** The daily report of who called whom. */
export class TrafficReportStack extends PulselakeStack {
  constructor(scope: Construct, config: PulselakeConfig, { lake, entryPoint, pyFiles }: TrafficReportStackProps) {
    super(scope, 'traffic-report', config, 'Pulselake: the daily traffic report of access logs');
    const { names } = this;
    const { buckets } = lake;
    const spark = new SparkApplication(this, 'spark', { names, config, buckets, entryPoint, pyFiles });
    const machine = new TrafficStateMachine(this, 'run', { names, config, buckets, spark, entryPoint, pyFiles });
    new DailyTrafficReport(this, 'daily', {
      names,
      schedule: config.trafficReport.daily,
      stateMachineArn: machine.stateMachineArn,
      deadLetters: new DeadLetters(this, 'dead-letters', names.trafficDeadLetters),
    });
  }
}
