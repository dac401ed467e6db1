import { glueTables } from '@pulselake/data-model';
import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { LakeBuckets } from '../lake/lake-buckets.js';
import { LakeCatalog } from '../lake/lake-catalog.js';
import type { Names } from '../names.js';
import { listBucket, readObjects, writeObjects } from './s3-statements.js';

/** The objects of all tables. */
export const TABLE_KEYS = glueTables().map(({ prefix }) => `${prefix}/*`);

/** What a dashboard needs: to query in one workgroup, to read the tables of one database, and to keep the results. */
export function dashboardRights(
  scope: Construct,
  { names, buckets }: { names: Names; buckets: LakeBuckets },
): PolicyStatement[] {
  const arn = (resource: string, resourceName: string) =>
    Stack.of(scope).formatArn({ service: 'athena', resource, resourceName });
  const { lake, queryResults } = buckets;
  return [
    new PolicyStatement({
      actions: [
        'athena:StartQueryExecution',
        'athena:StopQueryExecution',
        'athena:GetQueryExecution',
        'athena:GetQueryResults',
        'athena:GetWorkGroup',
      ],
      resources: [arn('workgroup', names.workgroup)],
    }),
    new PolicyStatement({
      actions: [
        'athena:GetDataCatalog',
        'athena:ListDatabases',
        'athena:GetDatabase',
        'athena:ListTableMetadata',
        'athena:GetTableMetadata',
      ],
      resources: [arn('datacatalog', 'AwsDataCatalog')],
    }),
    // Of these there is no resource to name.
    new PolicyStatement({ actions: ['athena:ListDataCatalogs', 'athena:ListWorkGroups'], resources: ['*'] }),
    new PolicyStatement({
      actions: [
        'glue:GetDatabase',
        'glue:GetDatabases',
        'glue:GetTable',
        'glue:GetTables',
        'glue:GetPartition',
        'glue:GetPartitions',
        'glue:BatchGetPartition',
      ],
      resources: LakeCatalog.arns(scope, names.database, ['*']),
    }),
    listBucket(lake),
    readObjects(lake, TABLE_KEYS),
    listBucket(queryResults),
    readObjects(queryResults, ['*']),
    writeObjects(queryResults, ['*']),
  ];
}
