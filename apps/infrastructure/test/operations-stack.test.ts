import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Synthesized } from './support/synthesized.js';

interface MathPart {
  readonly Id: string;
  readonly Expression?: string;
  readonly Period?: number;
  readonly MetricStat?: {
    readonly Metric: Omit<Watched, 'Period'>;
    readonly Period: number;
    readonly Stat: string;
  };
}

interface Watched {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Period: number;
  readonly Dimensions: readonly { readonly Name: string; readonly Value: unknown }[];
}

interface Alarm {
  readonly AlarmName: string;
  readonly AlarmDescription: string;
  readonly AlarmActions: unknown[];
  readonly OKActions: unknown[];
  readonly Namespace?: string;
  readonly MetricName?: string;
  readonly Period?: number;
  /** Of an alarm on several metrics. */
  readonly Metrics?: readonly MathPart[];
  readonly EvaluationPeriods: number;
  readonly TreatMissingData: string;
}

const alarmsOf = (synthesized: Synthesized) =>
  synthesized.resources('operations', 'AWS::CloudWatch::Alarm').map(({ Properties }) => Properties as unknown as Alarm);

/** What an alarm looks at. */
function watched(alarm: Alarm): Watched[] {
  if (!alarm.Metrics) return [alarm as unknown as Watched];
  return alarm.Metrics.flatMap(({ MetricStat }) =>
    MetricStat ? [{ ...MetricStat.Metric, Period: MetricStat.Period }] : [],
  );
}

const synthesized = new Synthesized({ alarmEmail: 'ops@example.com' });
const alarms = alarmsOf(synthesized);
const runbook = fileURLToPath(new URL('../../../docs/runbook/', import.meta.url));

describe('alarms', () => {
  it('watch what can go wrong', () => {
    expect(
      alarms
        .flatMap((alarm) =>
          watched(alarm).map(
            ({ Namespace, MetricName }) =>
              `${alarm.AlarmName.slice('pulselake-dev-'.length)}: ${Namespace} ${MetricName}`,
          ),
        )
        .sort(),
    ).toEqual([
      'delivery-freshness: AWS/Firehose DeliveryToS3.DataFreshness',
      'failed-conversions: AWS/Firehose FailedConversion.Records',
      'flink-capacity: AWS/KinesisAnalytics KPUs',
      'flink-checkpoints: AWS/KinesisAnalytics numberOfFailedCheckpoints',
      'flink-down: AWS/KinesisAnalytics uptime',
      'flink-restarting: AWS/KinesisAnalytics fullRestarts',
      'iterator-age: AWS/Kinesis GetRecords.IteratorAgeMilliseconds',
      'metrics-etl-failed: AWS/SQS ApproximateNumberOfMessagesVisible',
      'metrics-etl-silent: AWS/Events TriggeredRules',
      'no-events: AWS/Kinesis IncomingRecords',
      'rejected-share: AWS/KinesisAnalytics recordsLatePerSecond',
      'rejected-share: AWS/KinesisAnalytics recordsReadPerSecond',
      'rejected-share: AWS/KinesisAnalytics recordsRejectedPerSecond',
      'traffic-report-failed: AWS/States ExecutionsFailed',
      'traffic-report-silent: AWS/States ExecutionsSucceeded',
      'traffic-report-undelivered: AWS/SQS ApproximateNumberOfMessagesVisible',
      'window-throttling: AWS/Kinesis WriteProvisionedThroughputExceeded',
      'write-throttling: AWS/Kinesis WriteProvisionedThroughputExceeded',
    ]);
  });

  it('say what they mean, what to do, and where more is written', () => {
    for (const { AlarmName, AlarmDescription } of alarms) {
      const name = AlarmName.slice('pulselake-dev-'.length);
      expect(AlarmDescription, name).toMatch(/^[A-Z].*\. [A-Z].*\. Runbook: docs\/runbook\//);
      expect(AlarmDescription.endsWith(`docs/runbook/${name}.md`), name).toBe(true);
      expect(AlarmDescription.length, name).toBeLessThan(1024);
    }
  });

  it('each have their page in the runbook, and no page has lost its alarm', () => {
    const always = alarms.map(({ AlarmName }) => `${AlarmName.slice('pulselake-dev-'.length)}.md`);
    expect(existsSync(runbook)).toBe(true);
    const pages = readdirSync(runbook).filter((name) => name !== 'index.md');
    expect(pages.sort()).toEqual(always.sort());
    for (const page of pages) {
      const text = readFileSync(`${runbook}${page}`, 'utf8');
      expect(text.startsWith(`# ${page.slice(0, -'.md'.length)}\n`), page).toBe(true);
      expect(text, page).toMatch(/^## What it means$/m);
      expect(text, page).toMatch(/^## What to do$/m);
    }
  });

  it('tell people when they ring, and when it is over', () => {
    expect(alarms.filter(({ AlarmActions, OKActions }) => AlarmActions.length !== 1 || OKActions.length !== 1)).toEqual(
      [],
    );
    expect(synthesized.one('operations', 'AWS::SNS::Subscription')).toMatchObject({
      Protocol: 'email',
      Endpoint: 'ops@example.com',
    });
    expect(new Synthesized().resources('operations', 'AWS::SNS::Subscription')).toEqual([]);
  });

  it('take silence for trouble where something is due', () => {
    const breaching = alarms
      .filter(({ TreatMissingData }) => TreatMissingData === 'breaching')
      .map(({ AlarmName }) => AlarmName);
    expect(breaching.sort()).toEqual(
      ['flink-down', 'metrics-etl-silent', 'no-events', 'traffic-report-silent'].map((name) => `pulselake-dev-${name}`),
    );
  });

  it('look no longer back than CloudWatch can', () => {
    for (const alarm of alarms) {
      for (const { Period } of watched(alarm)) {
        const limit = Period >= 3600 ? 7 * 86_400 : 86_400;
        expect(Period * alarm.EvaluationPeriods, alarm.AlarmName).toBeLessThanOrEqual(limit);
      }
    }
  });

  it('ring for the growth of what Flink counts from its start, so that they stop when it does', () => {
    const math = (name: string) =>
      alarms
        .find(({ AlarmName }) => AlarmName === `pulselake-dev-${name}`)!
        .Metrics!.map(({ Expression, MetricStat }) => Expression ?? MetricStat!.Stat);
    expect(math('flink-restarting')).toEqual(['DIFF(count)', 'Maximum']);
    expect(math('flink-checkpoints')).toEqual(['DIFF(count)', 'Maximum']);
  });

  it('compare late and rejected events with all of them, by the names that the job gives its rates', () => {
    const { Metrics, Threshold } = alarmsOf(new Synthesized({ alarms: { rejectedPercent: 2.5 } })).find(
      ({ AlarmName }) => AlarmName === 'pulselake-dev-rejected-share',
    ) as Alarm & { readonly Threshold: number };
    expect(Metrics![0]!.Expression).toBe('100 * (FILL(rejected, 0) + FILL(late, 0)) / read');
    expect(Threshold).toBe(2.5);
    const rates = readFileSync(
      new URL(
        '../../window-aggregator/src/main/java/io/pulselake/windowaggregator/metrics/ServiceRates.java',
        import.meta.url,
      ),
      'utf8',
    );
    const given = [...rates.matchAll(/"(records\w+)"/g)].map(([, name]) => name);
    const compared = Metrics!.flatMap(({ MetricStat }) => MetricStat?.Metric.MetricName ?? []);
    expect(compared.sort()).toEqual(given.sort());
  });

  it('do not ring for a job that is stopped by its schedule', () => {
    const scheduled = new Synthesized({
      flink: { schedule: { start: 'cron(0 6 * * ? *)', stop: 'cron(0 20 * * ? *)' } },
    });
    const names = alarmsOf(scheduled).map(({ AlarmName }) => AlarmName);
    expect(names).not.toContain('pulselake-dev-flink-down');
    expect(names).not.toContain('pulselake-dev-no-events');
  });

  it('watch things by the names that the other stacks give them', () => {
    const named = [
      synthesized.resources('stream', 'AWS::Kinesis::Stream').map(({ Properties }) => Properties['Name']),
      synthesized.one('stream', 'AWS::KinesisAnalyticsV2::Application')['ApplicationName'],
      synthesized.one('stream', 'AWS::KinesisFirehose::DeliveryStream')['DeliveryStreamName'],
      synthesized.one('metrics-etl', 'AWS::SQS::Queue')['QueueName'],
      synthesized.one('traffic-report', 'AWS::SQS::Queue')['QueueName'],
      synthesized.resources('metrics-etl', 'AWS::Events::Rule').map(({ Properties }) => Properties['Name']),
    ].flat();
    const names = alarms
      .flatMap(watched)
      .map(({ Dimensions }) => Dimensions[0]!)
      .filter(({ Name }) => Name !== 'StateMachineArn')
      .map(({ Value }) => Value);
    expect(names.filter((name) => !named.includes(name))).toEqual([]);
    expect(synthesized.one('traffic-report', 'AWS::StepFunctions::StateMachine')['StateMachineName']).toBe(
      'pulselake-dev-traffic-report',
    );
    expect(JSON.stringify(synthesized.resources('operations', 'AWS::CloudWatch::Alarm'))).toContain(
      ':stateMachine:pulselake-dev-traffic-report"',
    );
  });
});

describe('the budget', () => {
  it('counts what carries the tag of the environment, and tells before and when it is spent', () => {
    const { Budget, NotificationsWithSubscribers } = synthesized.one('operations', 'AWS::Budgets::Budget') as {
      Budget: unknown;
      NotificationsWithSubscribers: { Notification: unknown }[];
    };
    expect(Budget).toMatchObject({
      BudgetLimit: { Amount: 300, Unit: 'USD' },
      CostFilters: { TagKeyValue: ['user:pulselake:environment$dev'] },
    });
    expect(NotificationsWithSubscribers.map(({ Notification }) => Notification)).toMatchObject([
      { NotificationType: 'ACTUAL', Threshold: 80 },
      { NotificationType: 'FORECASTED', Threshold: 100 },
    ]);
  });
});

describe('Grafana', () => {
  it('gets a role for a Grafana of your own, or a workspace', () => {
    expect(synthesized.resources('grafana', 'AWS::Grafana::Workspace')).toEqual([]);
    const managed = new Synthesized({ grafana: { kind: 'workspace' } });
    expect(managed.one('grafana', 'AWS::Grafana::Workspace')).toMatchObject({
      PermissionType: 'CUSTOMER_MANAGED',
      AuthenticationProviders: ['AWS_SSO'],
      DataSources: ['ATHENA'],
    });
    const [role] = managed.resources('grafana', 'AWS::IAM::Role').map(({ Properties }) => Properties);
    expect(role!['AssumeRolePolicyDocument']).toMatchObject({
      Statement: [
        {
          Principal: { Service: 'grafana.amazonaws.com' },
          Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
        },
      ],
    });
  });
});
