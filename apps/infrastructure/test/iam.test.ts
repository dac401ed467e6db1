import { describe, expect, it } from 'vitest';
import { rightsByRole } from './support/rights.js';
import { Synthesized } from './support/synthesized.js';

/** Calls that are made on each of some places, and why. */
type Call = readonly [because: string, calls: readonly string[], on: readonly string[]];

const GLUE = 'arn:aws:glue:eu-central-1:ACCOUNT';
const catalog = (table: string) => [
  `${GLUE}:catalog`,
  `${GLUE}:database/pulselake_dev`,
  `${GLUE}:table/pulselake_dev/${table}`,
];
const below = (bucket: string, keys: readonly string[]) => keys.map((key) => `${bucket}/${key}`);

const FLINK_WRITES = below('lake', ['rejected/stage=stream-windows/*', 'stream_accounts/*']);
const FIREHOSE_WRITES = below('lake', ['windowed_metrics/*', 'delivery-errors/*']);
const ETL_REPLACES = below('lake', ['windowed_metrics/*', 'rejected/stage=metrics-etl/*', '_staging/metrics-etl/*']);
const ETL_WRITES = [...ETL_REPLACES, ...below('lake', ['pipeline_runs/*', 'lake.json'])];
const SPARK_REPLACES = below('lake', [
  'traffic_reports/*',
  'traffic_reports_enriched/*',
  'rejected/stage=traffic-report/*',
  'pipeline_runs/*',
  '_staging/*',
]);
const TABLES = below('lake', [
  'windowed_metrics/*',
  'traffic_reports/*',
  'traffic_reports_enriched/*',
  'rejected/*',
  'pipeline_runs/*',
]);

/** What the code of each role calls. A right that is not here is too many, one that is missing breaks something. */
const CALLS: Readonly<Record<string, readonly Call[]>> = {
  'pulselake-dev-window-aggregator': [
    [
      "the connector's consumer reads shards by polling",
      ['kinesis:ListShards', 'kinesis:GetShardIterator', 'kinesis:GetRecords'],
      ['streamsevents'],
    ],
    ["the connector's sink writes windows", ['kinesis:PutRecords'], ['streamswindows']],
    ['the service loads the jar', ['s3:GetObject'], ['artifacts/window-aggregator/window-aggregator-JAR.jar']],
    ["Flink's file system looks for a file by listing", ['s3:ListBucket', 's3:GetBucketLocation'], ['lake']],
    [
      "Flink's FileSink uploads in parts, goes on with them after a restore, and removes what it kept aside",
      ['s3:PutObject', 's3:GetObject', 's3:DeleteObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'],
      FLINK_WRITES,
    ],
    [
      'the service writes the log',
      ['logs:PutLogEvents'],
      ['arn:aws:logs:eu-central-1:ACCOUNT:log-group:windowsloggroup:log-stream:windowslogstream'],
    ],
    ['the service looks for the log', ['logs:DescribeLogStreams'], ['windowsloggroup']],
    ['the service looks for the log', ['logs:DescribeLogGroups'], ['arn:aws:logs:eu-central-1:ACCOUNT:log-group:*']],
  ],
  'pulselake-dev-window-delivery': [
    [
      'Firehose reads its source',
      ['kinesis:DescribeStream', 'kinesis:GetShardIterator', 'kinesis:GetRecords', 'kinesis:ListShards'],
      ['streamswindows'],
    ],
    [
      'Firehose reads the schema',
      ['glue:GetTable', 'glue:GetTableVersion', 'glue:GetTableVersions'],
      catalog('windowed_metrics'),
    ],
    [
      'Firehose delivers to the bucket',
      ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'],
      ['lake'],
    ],
    [
      'Firehose writes files, in parts when they are large',
      ['s3:PutObject', 's3:GetObject', 's3:AbortMultipartUpload'],
      FIREHOSE_WRITES,
    ],
    ['Firehose says why it could not deliver', ['logs:PutLogEvents'], ['deliveryloggroup']],
  ],
  'pulselake-dev-metrics-etl': [
    [
      'Glue loads the script and the wheel',
      ['s3:GetObject'],
      below('artifacts', [
        'metrics-etl/metrics-etl-job-1.py',
        'metrics-etl/pulselake_metrics_etl-0.1.0+1-py3-none-any.whl',
      ]),
    ],
    ['list: landing, the ledger, what is staged', ['s3:ListBucket', 's3:GetBucketLocation'], ['landing', 'lake']],
    ['read: incoming files', ['s3:GetObject'], ['landing/landing/metrics/*']],
    ['get, info: the ledger, the mark, what is staged, an older version', ['s3:GetObject'], ETL_WRITES],
    ['put', ['s3:PutObject', 's3:AbortMultipartUpload'], ETL_WRITES],
    ['delete: the older version of a grown file, what is staged', ['s3:DeleteObject'], ETL_REPLACES],
    [
      'Glue writes the logs of Python shell jobs',
      ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
      ['arn:aws:logs:eu-central-1:ACCOUNT:log-group:/aws-glue/python-jobs/*'],
    ],
  ],
  'pulselake-dev-metrics-etl-events': [
    ['EventBridge tells the workflow of files', ['glue:notifyEvent'], [`${GLUE}:workflow/pulselake-dev-metrics-etl`]],
  ],
  'pulselake-dev-traffic-report-job': [
    [
      'Spark loads its program',
      ['s3:GetObject'],
      below('artifacts', ['traffic-report/traffic-report-main-1.py', 'traffic-report/traffic_report-1.zip']),
    ],
    ["Hadoop's file system lists", ['s3:ListBucket', 's3:GetBucketLocation'], ['landing', 'lake']],
    ['logs of the days asked for', ['s3:GetObject'], ['landing/landing/access-logs/*']],
    [
      'metrics of the called services, and the mark of the lake',
      ['s3:GetObject'],
      below('lake', ['windowed_metrics/*', 'lake.json']),
    ],
    ['marks a lake that has no mark', ['s3:PutObject', 's3:AbortMultipartUpload'], ['lake/lake.json']],
    [
      'writes aside, then into place, and replaces reports',
      ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'],
      SPARK_REPLACES,
    ],
    [
      'EMR writes the log of driver and executors',
      ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
      ['sparkloggroup'],
    ],
    ['EMR looks for the log', ['logs:DescribeLogGroups'], ['arn:aws:logs:eu-central-1:ACCOUNT:log-group:*']],
  ],
  'pulselake-dev-traffic-report-run': [
    ['startJobRun', ['emr-serverless:StartJobRun'], ['sparkapplication']],
    [
      '.sync waits, and cancels when it is stopped',
      ['emr-serverless:GetJobRun', 'emr-serverless:CancelJobRun'],
      ['sparkapplication/jobruns/*'],
    ],
    ['startJobRun hands over the role of the job', ['iam:PassRole'], ['sparkrole']],
    [
      '.sync learns of the end by a rule',
      ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
      ['arn:aws:events:eu-central-1:ACCOUNT:rule/StepFunctionsGetEventsForEMRServerlessJobRule'],
    ],
    [
      'Step Functions delivers its log',
      [
        'logs:CreateLogDelivery',
        'logs:GetLogDelivery',
        'logs:UpdateLogDelivery',
        'logs:DeleteLogDelivery',
        'logs:ListLogDeliveries',
        'logs:PutResourcePolicy',
        'logs:DescribeResourcePolicies',
        'logs:DescribeLogGroups',
      ],
      ['*'],
    ],
  ],
  'pulselake-dev-traffic-report-schedule': [
    ['the Scheduler starts the report', ['states:StartExecution'], ['runmachine']],
    ['the Scheduler keeps what it could not start', ['sqs:SendMessage'], ['deadletters']],
  ],
  'pulselake-dev-window-schedule': [
    [
      'the Scheduler starts and stops the job',
      ['kinesisanalytics:StartApplication', 'kinesisanalytics:StopApplication'],
      ['arn:aws:kinesisanalytics:eu-central-1:ACCOUNT:application/pulselake-dev-window-aggregator'],
    ],
  ],
  'pulselake-dev-grafana': [
    [
      'the plugin queries',
      [
        'athena:StartQueryExecution',
        'athena:StopQueryExecution',
        'athena:GetQueryExecution',
        'athena:GetQueryResults',
        'athena:GetWorkGroup',
      ],
      ['arn:aws:athena:eu-central-1:ACCOUNT:workgroup/pulselake-dev'],
    ],
    [
      'the query editor shows databases and tables',
      [
        'athena:GetDataCatalog',
        'athena:ListDatabases',
        'athena:GetDatabase',
        'athena:ListTableMetadata',
        'athena:GetTableMetadata',
      ],
      ['arn:aws:athena:eu-central-1:ACCOUNT:datacatalog/AwsDataCatalog'],
    ],
    ['the query editor shows catalogs and workgroups', ['athena:ListDataCatalogs', 'athena:ListWorkGroups'], ['*']],
    [
      'Athena reads definitions as the asker',
      [
        'glue:GetDatabase',
        'glue:GetDatabases',
        'glue:GetTable',
        'glue:GetTables',
        'glue:GetPartition',
        'glue:GetPartitions',
        'glue:BatchGetPartition',
      ],
      catalog('*'),
    ],
    ['Athena reads data as the asker', ['s3:ListBucket', 's3:GetBucketLocation'], ['lake', 'queryresults']],
    ['Athena reads data as the asker', ['s3:GetObject'], TABLES],
    [
      'Athena keeps results as the asker',
      ['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload'],
      ['queryresults/*'],
    ],
  ],
};

/** Where the service allows nothing narrower. */
const ON_EVERYTHING = [
  'athena:ListDataCatalogs',
  'athena:ListWorkGroups',
  'logs:CreateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:DescribeLogGroups',
  'logs:DescribeResourcePolicies',
  'logs:GetLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:UpdateLogDelivery',
];

const schedule = { start: 'cron(0 6 * * ? *)', stop: 'cron(0 20 * * ? *)' };
const rights = rightsByRole(new Synthesized({ flink: { schedule }, grafana: { kind: 'workspace' } }));

describe('rights', () => {
  it('are described here for every role, and for no other', () => {
    expect([...rights.keys()].sort()).toEqual(Object.keys(CALLS).sort());
  });

  it.each(Object.entries(CALLS))('of %s allow the calls that its code makes, and nothing else', (role, calls) => {
    const needed = calls.flatMap(([, actions, places]) =>
      actions.flatMap((action) => places.map((place) => `${action} on ${place}`)),
    );
    expect(rights.get(role)).toEqual([...new Set(needed)].sort());
  });

  it('are given on everything only where the service allows nothing narrower', () => {
    const wide = [...rights.values()].flat().filter((right) => right.endsWith(' on *'));
    expect([...new Set(wide)].sort()).toEqual(ON_EVERYTHING.map((action) => `${action} on *`));
  });

  it('never name all actions of a service', () => {
    expect([...rights.values()].flat().filter((right) => right.split(' on ')[0]!.includes('*'))).toEqual([]);
  });
});
