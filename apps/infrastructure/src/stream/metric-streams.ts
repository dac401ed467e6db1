import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Stream, StreamEncryption, StreamMode } from 'aws-cdk-lib/aws-kinesis';
import { Construct } from 'constructs';
import type { PulselakeConfig } from '../config.js';
import type { Names } from '../names.js';

/** Metric events on their way to the job, and windows on their way from it to the lake. */
export class MetricStreams extends Construct {
  readonly events: Stream;
  readonly windows: Stream;

  constructor(scope: Construct, id: string, { names, config }: { names: Names; config: PulselakeConfig }) {
    super(scope, id);
    const { onDemand, eventShards, windowShards, retentionHours } = config.streams;
    const stream = (what: string, streamName: string, shardCount: number) =>
      new Stream(this, what, {
        streamName,
        ...(onDemand ? { streamMode: StreamMode.ON_DEMAND } : { streamMode: StreamMode.PROVISIONED, shardCount }),
        retentionPeriod: Duration.hours(retentionHours),
        // The key of the service costs nothing.
        encryption: StreamEncryption.MANAGED,
        removalPolicy: RemovalPolicy.DESTROY,
      });
    this.events = stream('events', names.eventStream, eventShards);
    this.windows = stream('windows', names.windowStream, windowShards);
  }
}
