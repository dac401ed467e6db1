import { Duration, Stack } from 'aws-cdk-lib';
import { type IRuleTarget, Rule } from 'aws-cdk-lib/aws-events';
import { CfnTrigger, CfnWorkflow } from 'aws-cdk-lib/aws-glue';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { ServiceRole } from '../access/service-role.js';
import type { PulselakeConfig } from '../config.js';
import { LANDING_PREFIX } from '../lake/lake-buckets.js';
import type { Names } from '../names.js';
import { sendFromRule } from './send-from-rule.js';

export interface EtlStartProps {
  readonly names: Names;
  readonly config: PulselakeConfig;
  readonly landing: IBucket;
  readonly deadLetters: Queue;
}

/** Most events that Glue gathers before it starts a run. */
const MOST_EVENTS = 100;

/**
 * Starts the job when files have landed, gathered over some minutes; and once a day whatever happened, since events come at best
 * effort. The job finds by itself what is new, so an event too many or too few does no harm.
 */
export class EtlStart extends Construct {
  constructor(scope: Construct, id: string, { names, config, landing, deadLetters }: EtlStartProps) {
    super(scope, id);
    const { batchSeconds, sweep } = config.metricsEtl;
    const workflow = new CfnWorkflow(this, 'workflow', {
      name: names.etlJob,
      description: 'Runs the job when files have landed',
      maxConcurrentRuns: 1,
    });
    const onFiles = new CfnTrigger(this, 'on-files', {
      name: names.of('metrics-etl-on-files'),
      type: 'EVENT',
      workflowName: names.etlJob,
      eventBatchingCondition: { batchSize: MOST_EVENTS, batchWindow: batchSeconds },
      actions: [{ jobName: names.etlJob }],
    });
    onFiles.addResourceDependency(workflow);
    new CfnTrigger(this, 'sweep', {
      name: names.of('metrics-etl-sweep'),
      type: 'SCHEDULED',
      schedule: sweep,
      startOnCreation: true,
      actions: [{ jobName: names.etlJob }],
    });
    const workflowArn = Stack.of(this).formatArn({ service: 'glue', resource: 'workflow', resourceName: names.etlJob });
    const role = new ServiceRole(this, 'role', {
      roleName: names.of('metrics-etl-events'),
      service: 'events.amazonaws.com',
      description: 'Tells the workflow that files have landed',
      statements: [new PolicyStatement({ actions: ['glue:notifyEvent'], resources: [workflowArn] })],
    });
    const target: IRuleTarget = {
      bind: () => ({
        arn: workflowArn,
        role,
        deadLetterConfig: { arn: deadLetters.queueArn },
        retryPolicy: { maximumEventAgeInSeconds: Duration.hours(24).toSeconds(), maximumRetryAttempts: 185 },
      }),
    };
    const rule = new Rule(this, 'landed', {
      ruleName: names.of('metrics-landed'),
      description: 'A file of metrics has landed',
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: {
          bucket: { name: [landing.bucketName] },
          object: { key: [{ prefix: `${LANDING_PREFIX}metrics/` }] },
        },
      },
      targets: [target],
    });
    sendFromRule(deadLetters, rule);
  }
}
