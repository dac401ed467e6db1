import { Duration } from 'aws-cdk-lib';
import {
  ComparisonOperator,
  MathExpression,
  Metric,
  type MetricOptions,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { PulselakeConfig } from '../config.js';
import type { Names } from '../names.js';
import type { AlarmDefinition } from './alarm-definition.js';

const ABOVE = ComparisonOperator.GREATER_THAN_THRESHOLD;
const BELOW = ComparisonOperator.LESS_THAN_THRESHOLD;
const { NOT_BREACHING, BREACHING } = TreatMissingData;
/** A day, and time for the run itself. */
const HOURS_OF_SILENCE = 26;
const FIVE_MINUTES = Duration.minutes(5);

export interface AlarmsOptions {
  readonly names: Names;
  readonly config: PulselakeConfig;
  /** Of the state machine that runs the traffic report. */
  readonly stateMachineArn: string;
}

/** All alarms of a deployment. They name what they watch, and refer to no other stack. */
export function alarms({ names, config, stateMachineArn }: AlarmsOptions): AlarmDefinition[] {
  const { iteratorAgeMinutes, freshnessMinutes, quietHours, rejectedPercent } = config.alarms;
  const stream = (name: string) => metrics('AWS/Kinesis', { StreamName: name });
  const flink = metrics('AWS/KinesisAnalytics', { Application: names.flinkApplication });
  const firehose = metrics('AWS/Firehose', { DeliveryStreamName: names.deliveryStream });
  const queue = (name: string) => metrics('AWS/SQS', { QueueName: name });
  const states = metrics('AWS/States', { StateMachineArn: stateMachineArn });
  const etl = metrics('AWS/Events', { RuleName: names.etlSucceededRule });
  // A job that is stopped by a schedule is not down, and has no reason to be up to date.
  const alwaysOn = config.flink.schedule === undefined;
  return [
    {
      name: 'iterator-age',
      meaning: `The window aggregator is more than ${iteratorAgeMinutes} minutes behind the stream of events.`,
      action: 'See whether it runs, and give it more KPUs or the stream more shards.',
      metric: stream(names.eventStream)('GetRecords.IteratorAgeMilliseconds', 'Maximum', FIVE_MINUTES),
      comparison: ABOVE,
      threshold: iteratorAgeMinutes * 60_000,
      periods: 3,
      missing: NOT_BREACHING,
    },
    {
      name: 'write-throttling',
      meaning: 'Producers write more events than the stream takes; they have to send them again.',
      action: 'Raise streams.eventShards and deploy.',
      metric: stream(names.eventStream)('WriteProvisionedThroughputExceeded', 'Sum', FIVE_MINUTES),
      comparison: ABOVE,
      threshold: 0,
      periods: 3,
      missing: NOT_BREACHING,
    },
    {
      name: 'window-throttling',
      meaning: 'The window aggregator writes more windows than their stream takes, and is slowed down by it.',
      action: 'Raise streams.windowShards and deploy.',
      metric: stream(names.windowStream)('WriteProvisionedThroughputExceeded', 'Sum', FIVE_MINUTES),
      comparison: ABOVE,
      threshold: 0,
      periods: 3,
      missing: NOT_BREACHING,
    },
    {
      name: 'delivery-freshness',
      meaning: `Windows wait longer than ${freshnessMinutes} minutes to come into the lake.`,
      action: "Look into Firehose's log for the reason; most often a right or the table is missing.",
      metric: firehose('DeliveryToS3.DataFreshness', 'Maximum', FIVE_MINUTES),
      comparison: ABOVE,
      threshold: freshnessMinutes * 60,
      periods: 3,
      missing: NOT_BREACHING,
    },
    {
      name: 'failed-conversions',
      meaning:
        'Firehose could not make Parquet of some windows; they lie below delivery-errors/ and are not in the table.',
      action: 'Find the reason there, then run: pulselake ops redrive --env ENVIRONMENT.',
      metric: firehose('FailedConversion.Records', 'Sum', FIVE_MINUTES),
      comparison: ABOVE,
      threshold: 0,
      periods: 1,
      missing: NOT_BREACHING,
    },
    {
      name: 'flink-restarting',
      meaning: 'The window aggregator fails and begins again, more than twice in a quarter of an hour.',
      action: 'Read the newest exception in its log group before it uses up its restarts.',
      metric: growth(flink('fullRestarts', 'Maximum', Duration.minutes(15))),
      comparison: ABOVE,
      threshold: 2,
      periods: 1,
      missing: NOT_BREACHING,
    },
    {
      name: 'flink-checkpoints',
      meaning: 'The window aggregator could not save its state; after a failure it would read much again.',
      action: 'See whether the size and duration of checkpoints grow, and give it more KPUs.',
      metric: growth(flink('numberOfFailedCheckpoints', 'Maximum', FIVE_MINUTES)),
      comparison: ABOVE,
      threshold: 0,
      periods: 3,
      missing: NOT_BREACHING,
    },
    {
      name: 'rejected-share',
      meaning: `More than ${rejectedPercent} % of the events of a quarter of an hour were late or rejected.`,
      action: 'See in the table rejected_records what reason they have in common, and which service sends them.',
      metric: new MathExpression({
        // Of rates of the same minutes and subtasks, so however often they are reported. Nothing read is no share.
        expression: '100 * (FILL(rejected, 0) + FILL(late, 0)) / read',
        usingMetrics: {
          read: flink('recordsReadPerSecond', 'Sum', FIVE_MINUTES),
          rejected: flink('recordsRejectedPerSecond', 'Sum', FIVE_MINUTES),
          late: flink('recordsLatePerSecond', 'Sum', FIVE_MINUTES),
        },
        label: 'late or rejected, %',
        period: FIVE_MINUTES,
      }),
      comparison: ABOVE,
      threshold: rejectedPercent,
      periods: 3,
      missing: NOT_BREACHING,
    },
    {
      name: 'flink-capacity',
      meaning: `The window aggregator has grown beyond ${config.flink.usualKpus} KPUs, which costs more than was planned.`,
      action: 'See whether the load has grown; raise flink.usualKpus if it is to stay.',
      metric: flink('KPUs', 'Maximum', FIVE_MINUTES),
      comparison: ABOVE,
      threshold: config.flink.usualKpus,
      periods: 3,
      missing: NOT_BREACHING,
    },
    ...(alwaysOn
      ? [
          {
            name: 'flink-down',
            meaning: 'The window aggregator does not run; events wait in the stream, as long as that keeps them.',
            action: 'Start it: pulselake-flink start --application NAME; it says why it cannot.',
            metric: flink('uptime', 'Maximum', FIVE_MINUTES),
            comparison: ComparisonOperator.LESS_THAN_OR_EQUAL_TO_THRESHOLD,
            threshold: 0,
            periods: 3,
            missing: BREACHING,
          },
          {
            name: 'no-events',
            meaning: `No metric event at all has come for ${quietHours} hours.`,
            action: 'See whether producers run and may write to the stream.',
            metric: stream(names.eventStream)('IncomingRecords', 'Sum', Duration.hours(1)),
            comparison: ComparisonOperator.LESS_THAN_OR_EQUAL_TO_THRESHOLD,
            threshold: 0,
            periods: quietHours,
            missing: BREACHING,
          },
        ]
      : []),
    {
      name: 'metrics-etl-failed',
      meaning: 'A run of the batches failed, or files that landed could not be told of.',
      action: 'Read the messages of the dead-letter queue, mend the cause, run the job, and purge the queue.',
      metric: queue(names.etlDeadLetters)('ApproximateNumberOfMessagesVisible', 'Maximum', FIVE_MINUTES),
      comparison: ABOVE,
      threshold: 0,
      periods: 1,
      missing: NOT_BREACHING,
    },
    {
      name: 'metrics-etl-silent',
      meaning: 'No run of the batches has succeeded for a day, though one is due each day.',
      action: 'Start the job by hand and see how it ends: pulselake-etl run --wait.',
      metric: etl('TriggeredRules', 'Sum', Duration.hours(1)),
      comparison: BELOW,
      threshold: 1,
      periods: HOURS_OF_SILENCE,
      missing: BREACHING,
    },
    {
      name: 'traffic-report-failed',
      meaning: 'A traffic report failed, after all attempts.',
      action: 'Look at the failed execution in Step Functions: it names the run and its log.',
      metric: states('ExecutionsFailed', 'Sum', FIVE_MINUTES),
      comparison: ABOVE,
      threshold: 0,
      periods: 1,
      missing: NOT_BREACHING,
    },
    {
      name: 'traffic-report-undelivered',
      meaning: 'The daily traffic report could not even be started.',
      action: 'Read the message of the dead-letter queue, start the report by hand, and purge the queue.',
      metric: queue(names.trafficDeadLetters)('ApproximateNumberOfMessagesVisible', 'Maximum', FIVE_MINUTES),
      comparison: ABOVE,
      threshold: 0,
      periods: 1,
      missing: NOT_BREACHING,
    },
    {
      name: 'traffic-report-silent',
      meaning: 'No traffic report has succeeded for a day, though one is due each day.',
      action: 'Start one by hand and see how it ends.',
      metric: states('ExecutionsSucceeded', 'Sum', Duration.hours(1)),
      comparison: BELOW,
      threshold: 1,
      periods: HOURS_OF_SILENCE,
      missing: BREACHING,
    },
  ];
}

/** By how much a count grew from one period to the next: Flink counts from the start of the job on. */
function growth(count: Metric): MathExpression {
  return new MathExpression({
    expression: 'DIFF(count)',
    usingMetrics: { count },
    label: `growth of ${count.metricName}`,
    period: count.period,
  });
}

/** Metrics of one thing in a namespace. */
function metrics(namespace: string, dimensionsMap: Required<MetricOptions>['dimensionsMap']) {
  return (metricName: string, statistic: string, period: Duration) =>
    new Metric({ namespace, metricName, dimensionsMap, statistic, period });
}
