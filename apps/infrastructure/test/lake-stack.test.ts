import { Match } from 'aws-cdk-lib/assertions';
import { athenaView } from '@pulselake/data-model';
import { describe, expect, it } from 'vitest';
import { NAMED_QUERIES } from '../src/lake/named-queries.js';
import { Synthesized } from './support/synthesized.js';

const synthesized = new Synthesized({ retention: { landingDays: 60 } });
const template = synthesized.template('lake');

interface Rule {
  readonly Id?: string;
  readonly Prefix?: string;
  readonly ExpirationInDays?: number;
  readonly Transitions?: { StorageClass: string; TransitionInDays: number }[];
  readonly NoncurrentVersionExpiration?: { NoncurrentDays: number };
  readonly AbortIncompleteMultipartUpload?: { DaysAfterInitiation: number };
}

interface BucketProperties {
  readonly BucketName: { 'Fn::Join': [string, unknown[]] };
  readonly LifecycleConfiguration: { Rules: Rule[] };
  readonly VersioningConfiguration?: { Status: string };
}

const buckets = synthesized
  .resources('lake', 'AWS::S3::Bucket')
  .map(({ Properties }) => Properties as unknown as BucketProperties);
const bucket = (what: string) =>
  buckets.find(({ BucketName }) => JSON.stringify(BucketName).includes(`pulselake-dev-${what}-`))!;
const rule = (what: string, id: string) => bucket(what).LifecycleConfiguration.Rules.find(({ Id }) => Id === id);

describe('buckets', () => {
  it('are five, named by environment, account and region', () => {
    expect(buckets.map(({ BucketName }) => BucketName['Fn::Join'][1]).sort()).toEqual(
      ['access-logs', 'artifacts', 'lake', 'landing', 'query-results'].map((what) => [
        `pulselake-dev-${what}-`,
        { Ref: 'AWS::AccountId' },
        '-eu-central-1',
      ]),
    );
  });

  it('are encrypted, closed to the public, and take TLS only', () => {
    template.allResourcesProperties('AWS::S3::Bucket', {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    });
    template.allResourcesProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Deny',
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
            Principal: { AWS: '*' },
          }),
        ]),
      },
    });
    template.resourceCountIs('AWS::S3::BucketPolicy', 5);
  });

  it('forget incoming files, rejected records, delivery errors, staging and results of queries in time', () => {
    expect(rule('landing', 'expire')).toMatchObject({ ExpirationInDays: 60, Status: 'Enabled' });
    expect(rule('lake', 'rejected')).toMatchObject({ Prefix: 'rejected/', ExpirationInDays: 30 });
    expect(rule('lake', 'delivery-errors')).toMatchObject({ Prefix: 'delivery-errors/', ExpirationInDays: 30 });
    expect(rule('lake', 'staging')).toMatchObject({ Prefix: '_staging/', ExpirationInDays: 7 });
    expect(rule('query-results', 'expire')).toMatchObject({ ExpirationInDays: 7 });
  });

  it('keep the data of the lake, more cheaply after a while, and its ledger as it is', () => {
    const tiered = bucket('lake').LifecycleConfiguration.Rules.filter(({ Transitions }) => Transitions);
    expect(tiered.map(({ Prefix, Transitions }) => [Prefix, Transitions])).toEqual(
      ['windowed_metrics/', 'traffic_reports/', 'traffic_reports_enriched/'].map((prefix) => [
        prefix,
        [{ StorageClass: 'STANDARD_IA', TransitionInDays: 90 }],
      ]),
    );
    const expiring = bucket('lake').LifecycleConfiguration.Rules.filter(({ ExpirationInDays }) => ExpirationInDays);
    expect(expiring.map(({ Prefix }) => Prefix)).toEqual(['rejected/', 'delivery-errors/', '_staging/']);
  });

  it('keep older versions of the lake and of artifacts, but none of what names people', () => {
    expect(bucket('lake').VersioningConfiguration).toEqual({ Status: 'Enabled' });
    expect(bucket('artifacts').VersioningConfiguration).toEqual({ Status: 'Enabled' });
    expect(bucket('landing').VersioningConfiguration).toBeUndefined();
    expect(rule('lake', 'older-versions')!.NoncurrentVersionExpiration).toEqual({ NoncurrentDays: 30 });
    // An expired object of a versioned bucket is an older version first: with it, raw text would stay for twice as long.
    expect(rule('lake', 'rejected')!.NoncurrentVersionExpiration).toEqual({ NoncurrentDays: 1 });
    expect(rule('lake', 'delivery-errors')!.NoncurrentVersionExpiration).toEqual({ NoncurrentDays: 1 });
  });

  it('drop uploads that never ended', () => {
    for (const { LifecycleConfiguration } of buckets) {
      const unfinished = LifecycleConfiguration.Rules.find(({ Id }) => Id === 'unfinished-uploads');
      expect(unfinished!.AbortIncompleteMultipartUpload).toEqual({ DaysAfterInitiation: 7 });
    }
  });

  it('outlive their stack, results of queries aside', () => {
    const policies = Object.values(template.findResources('AWS::S3::Bucket')).map(
      ({ DeletionPolicy }) => DeletionPolicy as string,
    );
    expect(policies.sort()).toEqual(['Delete', 'Retain', 'Retain', 'Retain', 'Retain']);
  });

  it('tell EventBridge of files that land, by a property: there is no function that changes buckets', () => {
    expect(bucket('landing')).toMatchObject({
      NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
    });
    template.resourceCountIs('AWS::Lambda::Function', 0);
  });
});

describe('tables', () => {
  const tables = new Map(
    synthesized.resources('lake', 'AWS::Glue::Table').map(({ Properties }) => {
      const input = Properties['TableInput'] as {
        Name: string;
        Parameters: Record<string, unknown>;
        ViewOriginalText?: string;
        StorageDescriptor: unknown;
      };
      return [input.Name, input] as const;
    }),
  );

  it('find their days by projection, so that nobody adds a partition', () => {
    expect(tables.get('windowed_metrics')!.Parameters).toMatchObject({
      'projection.enabled': 'true',
      'projection.dt.type': 'date',
      'projection.dt.format': 'yyyy-MM-dd',
      'projection.dt.range': '2020-01-01,NOW+1DAYS',
      'projection.dt.interval': '1',
      'projection.dt.interval.unit': 'DAYS',
      'storage.location.template': { 'Fn::Join': ['', ['s3://', expect.anything(), '/windowed_metrics/dt=${dt}/']] },
    });
    expect(tables.get('rejected_records')!.Parameters).toMatchObject({
      'projection.stage.type': 'enum',
      'projection.stage.values': 'metrics-etl,stream-windows,delivery,traffic-report,compaction,redrive,removal',
      'storage.location.template': {
        'Fn::Join': ['', ['s3://', expect.anything(), '/rejected/stage=${stage}/dt=${dt}/']],
      },
    });
  });

  it('do not say that their data were encrypted by the client', () => {
    expect([...tables.values()].filter(({ Parameters }) => 'has_encrypted_data' in Parameters)).toEqual([]);
  });

  it("have the data model's view beside them", () => {
    const { ViewOriginalText, Parameters } = tables.get('windowed_metrics_current')!;
    expect(Parameters).toEqual({ presto_view: 'true', comment: 'Presto View' });
    const [, encoded] = /^\/\* Presto View: (\S+) \*\/$/.exec(ViewOriginalText!)!;
    expect(Buffer.from(encoded!, 'base64').toString()).toBe(athenaView({ database: 'pulselake_dev' }).prestoView);
  });
});

describe('queries', () => {
  it('run where the workgroup decides, up to a limit, with results encrypted', () => {
    expect(synthesized.one('lake', 'AWS::Athena::WorkGroup')).toMatchObject({
      Name: 'pulselake-dev',
      WorkGroupConfiguration: {
        EnforceWorkGroupConfiguration: true,
        BytesScannedCutoffPerQuery: 100_000_000_000,
        EngineVersion: { SelectedEngineVersion: 'Athena engine version 3' },
        ResultConfiguration: { EncryptionConfiguration: { EncryptionOption: 'SSE_S3' } },
      },
    });
  });

  it('are there by name, and each filters on a partition column', () => {
    const named = synthesized.resources('lake', 'AWS::Athena::NamedQuery').map(({ Properties }) => Properties['Name']);
    expect(named).toEqual(NAMED_QUERIES.map(({ name }) => name));
    expect(NAMED_QUERIES.filter(({ sql }) => !/WHERE (dt|report_date) >=/.test(sql))).toEqual([]);
  });
});
