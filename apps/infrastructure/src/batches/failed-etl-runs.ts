import { type IRuleTarget, Rule } from 'aws-cdk-lib/aws-events';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Names } from '../names.js';
import { sendFromRule } from './send-from-rule.js';

/**
 * Notes how runs end. Glue has no metric for it: a failed run becomes a message of the dead-letter queue, and the rule for
 * successes is there for its count.
 */
export class FailedEtlRuns extends Construct {
  constructor(scope: Construct, id: string, { names, deadLetters }: { names: Names; deadLetters: Queue }) {
    super(scope, id);
    const pattern = (state: string[]) => ({
      source: ['aws.glue'],
      detailType: ['Glue Job State Change'],
      detail: { jobName: [names.etlJob], state },
    });
    const target: IRuleTarget = { bind: () => ({ arn: deadLetters.queueArn }) };
    const failed = new Rule(this, 'rule', {
      ruleName: names.of('metrics-etl-failed'),
      description: 'A run of the batches failed',
      eventPattern: pattern(['FAILED', 'TIMEOUT', 'STOPPED', 'ERROR']),
      targets: [target],
    });
    sendFromRule(deadLetters, failed);
    new Rule(this, 'succeeded', {
      ruleName: names.etlSucceededRule,
      description: 'A run of the batches succeeded; counted by an alarm',
      eventPattern: pattern(['SUCCEEDED']),
    });
  }
}
