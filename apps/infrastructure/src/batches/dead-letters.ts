import { Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { suppress } from '../suppress.js';
import type { Construct } from 'constructs';

/** Where what could not be done lies until somebody has looked at it; an alarm stands on it. */
export class DeadLetters extends Queue {
  constructor(scope: Construct, id: string, queueName: string) {
    super(scope, id, {
      queueName,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    suppress(this, [{ id: 'AwsSolutions-SQS3', reason: 'It is a dead-letter queue itself' }]);
  }
}
