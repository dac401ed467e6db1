import { describe, expect, it } from 'vitest';
import { place } from './support/rights.js';
import { Synthesized } from './support/synthesized.js';

const synthesized = new Synthesized();

describe('the Glue job', () => {
  const job = synthesized.one('metrics-etl', 'AWS::Glue::Job');

  it('is a Python shell of the smallest size, one run at a time, tried again once', () => {
    expect(job).toMatchObject({
      Name: 'pulselake-dev-metrics-etl',
      Command: { Name: 'pythonshell', PythonVersion: '3.9' },
      MaxCapacity: 0.0625,
      ExecutionProperty: { MaxConcurrentRuns: 1 },
      MaxRetries: 1,
      Timeout: 60,
    });
  });

  it('runs the artifacts by their digests, with pinned modules only', () => {
    const { Command, DefaultArguments } = job as {
      Command: { ScriptLocation: unknown };
      DefaultArguments: Record<string, unknown>;
    };
    expect(place(Command.ScriptLocation)).toBe('s3://artifacts/metrics-etl/metrics-etl-job-1.py');
    expect(place(DefaultArguments['--extra-py-files'])).toBe(
      's3://artifacts/metrics-etl/pulselake_metrics_etl-0.1.0+1-py3-none-any.whl',
    );
    expect(DefaultArguments).toMatchObject({
      '--additional-python-modules': 'pyarrow==20.0.0,boto3==1.42.97',
      'library-set': 'none',
    });
  });

  it('reads landing and writes the lake', () => {
    const { DefaultArguments } = job as { DefaultArguments: Record<string, unknown> };
    expect(place(DefaultArguments['--lake'])).toBe('s3://lake');
    expect(place(DefaultArguments['--landing'])).toBe('s3://landing/landing');
  });
});

describe('new files of metrics', () => {
  it('start the job by a workflow that gathers them and runs once at a time', () => {
    expect(synthesized.one('metrics-etl', 'AWS::Glue::Workflow')).toMatchObject({ MaxConcurrentRuns: 1 });
    const [onFiles, sweep] = synthesized
      .resources('metrics-etl', 'AWS::Glue::Trigger')
      .map(({ Properties }) => Properties);
    expect(onFiles).toMatchObject({
      Type: 'EVENT',
      WorkflowName: 'pulselake-dev-metrics-etl',
      EventBatchingCondition: { BatchSize: 100, BatchWindow: 300 },
      Actions: [{ JobName: 'pulselake-dev-metrics-etl' }],
    });
    expect(sweep).toMatchObject({ Type: 'SCHEDULED', Schedule: 'cron(15 3 * * ? *)', StartOnCreation: true });
  });

  it('are told of for their own prefix only, and what cannot be told is kept', () => {
    const rules = synthesized.resources('metrics-etl', 'AWS::Events::Rule').map(({ Properties }) => Properties);
    const landed = rules.find(({ Name }) => Name === 'pulselake-dev-metrics-landed')!;
    expect(landed['EventPattern']).toMatchObject({
      source: ['aws.s3'],
      'detail-type': ['Object Created'],
      detail: { object: { key: [{ prefix: 'landing/metrics/' }] } },
    });
    const [target] = landed['Targets'] as { Arn: unknown; DeadLetterConfig: unknown; RetryPolicy: unknown }[];
    expect(place(target!.Arn)).toBe('arn:aws:glue:eu-central-1:ACCOUNT:workflow/pulselake-dev-metrics-etl');
    expect(target).toMatchObject({
      RetryPolicy: { MaximumRetryAttempts: 185 },
      DeadLetterConfig: { Arn: expect.anything() as unknown },
    });
  });

  it('leave a message when the run fails', () => {
    const rules = synthesized.resources('metrics-etl', 'AWS::Events::Rule').map(({ Properties }) => Properties);
    const failed = rules.find(({ Name }) => Name === 'pulselake-dev-metrics-etl-failed')!;
    expect(failed['EventPattern']).toMatchObject({
      'detail-type': ['Glue Job State Change'],
      detail: { jobName: ['pulselake-dev-metrics-etl'], state: ['FAILED', 'TIMEOUT', 'STOPPED', 'ERROR'] },
    });
    expect(place((failed['Targets'] as { Arn: unknown }[])[0]!.Arn)).toBe('deadletters');
    expect(synthesized.one('metrics-etl', 'AWS::SQS::Queue')).toMatchObject({
      MessageRetentionPeriod: 1_209_600,
      SqsManagedSseEnabled: true,
    });
  });
});

interface Definition {
  readonly QueryLanguage: string;
  readonly States: {
    Report: {
      Resource: string;
      TimeoutSeconds: number;
      Arguments: {
        ClientToken: string;
        ExecutionTimeoutMinutes: number;
        JobDriver: { SparkSubmit: { EntryPoint: string; EntryPointArguments: string; SparkSubmitParameters: string } };
      };
      Retry: { ErrorEquals: string[]; MaxAttempts: number }[];
    };
  };
}

describe('the traffic report', () => {
  const machine = synthesized.one('traffic-report', 'AWS::StepFunctions::StateMachine');
  const definition = JSON.parse(place(machine['DefinitionString'])) as Definition;
  const { Report } = definition.States;

  it('runs on an application that costs nothing between reports, and has an upper bound', () => {
    const application = synthesized.one('traffic-report', 'AWS::EMRServerless::Application');
    expect(application).toMatchObject({
      ReleaseLabel: 'emr-7.13.0',
      Type: 'Spark',
      AutoStartConfiguration: { Enabled: true },
      AutoStopConfiguration: { Enabled: true, IdleTimeoutMinutes: 5 },
      MaximumCapacity: { Cpu: '4 vCPU', Memory: '32 GB', Disk: '80 GB' },
    });
    expect(application).not.toHaveProperty('InitialCapacity');
  });

  it('waits for the end of the run, and tries again', () => {
    expect(Report.Resource).toBe('arn:aws:states:::emr-serverless:startJobRun.sync');
    expect(Report.Retry.map(({ ErrorEquals, MaxAttempts }) => [ErrorEquals.at(-1), MaxAttempts])).toEqual([
      ['States.Timeout', 4],
      ['States.ALL', 2],
    ]);
  });

  it('has an end in any case: the job first, then the waiting', () => {
    expect(Report.Arguments.ExecutionTimeoutMinutes).toBe(120);
    expect(Report.TimeoutSeconds).toBe(135 * 60);
  });

  it('has a new token for each attempt: the same one would give back the run that failed', () => {
    expect(definition.QueryLanguage).toBe('JSONata');
    expect(Report.Arguments.ClientToken).toBe('{% $uuid() %}');
  });

  it('can be run by hand for any day', () => {
    expect(Report.Arguments.JobDriver.SparkSubmit.EntryPointArguments).toBe(
      '{% $append(["--lake","s3://lake","--landing","s3://landing/landing"], $exists($states.input.arguments) ? $states.input.arguments : []) %}',
    );
  });

  it('runs the artifacts by their digests, on workers of a fixed number', () => {
    const { EntryPoint, SparkSubmitParameters } = Report.Arguments.JobDriver.SparkSubmit;
    expect(EntryPoint).toBe('s3://artifacts/traffic-report/traffic-report-main-1.py');
    expect(SparkSubmitParameters).toContain('--py-files s3://artifacts/traffic-report/traffic_report-1.zip ');
    expect(SparkSubmitParameters).toContain(
      '--conf spark.executor.instances=1 --conf spark.dynamicAllocation.enabled=false',
    );
  });

  it('is started every day, and what cannot be started is kept', () => {
    expect(synthesized.one('traffic-report', 'AWS::Scheduler::Schedule')).toMatchObject({
      ScheduleExpression: 'cron(30 4 * * ? *)',
      Target: {
        Input: '{}',
        RetryPolicy: { MaximumRetryAttempts: 3 },
        DeadLetterConfig: { Arn: expect.anything() as unknown },
      },
    });
  });
});
