import { Aws, CfnOutput, Stack } from 'aws-cdk-lib';
import { CfnWorkspace } from 'aws-cdk-lib/aws-grafana';
import {
  AccountRootPrincipal,
  ArnPrincipal,
  PolicyDocument,
  type PrincipalBase,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { dashboardRights, TABLE_KEYS } from '../access/dashboard-rights.js';
import type { PulselakeConfig } from '../config.js';
import type { LakeStack } from './lake-stack.js';
import { explainKeys } from '../access/explain-keys.js';
import { suppress } from '../suppress.js';
import { PulselakeStack } from './pulselake-stack.js';

/** What dashboards need: a role that reads the lake and, when asked for, a workspace of Managed Grafana. */
export class GrafanaStack extends PulselakeStack {
  constructor(scope: Construct, config: PulselakeConfig, { lake }: { lake: LakeStack }) {
    super(scope, 'grafana', config, 'Pulselake: the role and the place of dashboards');
    const { names } = this;
    const { grafana } = config;
    const role = new Role(this, 'role', {
      roleName: names.of('grafana'),
      description: 'Queries the lake for dashboards; reads, and writes results of queries only',
      assumedBy: principal(this, grafana),
      inlinePolicies: {
        rights: new PolicyDocument({ statements: dashboardRights(this, { names, buckets: lake.buckets }) }),
      },
    });
    suppress(role, [
      explainKeys(TABLE_KEYS),
      {
        id: 'AwsSolutions-IAM5',
        reason: 'The bucket of results holds nothing else; Athena chooses the names in it',
        appliesTo: [{ regex: '/^Resource::.*queryresults.*/\\*$/' }],
      },
      {
        id: 'AwsSolutions-IAM5',
        reason: 'Lists of catalogs and of workgroups: the service allows nothing narrower',
        appliesTo: ['Resource::*'],
      },
      {
        id: 'AwsSolutions-IAM5',
        reason: 'All tables of the one database of the lake, views that people add included',
        appliesTo: [{ regex: '/^Resource::arn:aws:glue:.*:table/[a-z0-9_]+/\\*$/' }],
      },
    ]);
    new CfnOutput(this, 'RoleArn', { value: role.roleArn });
    if (grafana.kind !== 'workspace') return;
    const workspace = new CfnWorkspace(this, 'workspace', {
      name: names.of('grafana'),
      description: 'Dashboards of Pulselake',
      accountAccessType: 'CURRENT_ACCOUNT',
      authenticationProviders: ['AWS_SSO'],
      permissionType: 'CUSTOMER_MANAGED',
      grafanaVersion: grafana.version,
      roleArn: role.roleArn,
      dataSources: ['ATHENA'],
      pluginAdminEnabled: true,
    });
    new CfnOutput(this, 'WorkspaceEndpoint', { value: workspace.attrEndpoint });
  }
}

/** Who may act as the role: the workspaces of this account, or whom the configuration names, or whom this account allows. */
function principal(scope: Construct, grafana: PulselakeConfig['grafana']): PrincipalBase {
  if (grafana.kind === 'role') {
    return grafana.trustedPrincipalArn === undefined
      ? new AccountRootPrincipal()
      : new ArnPrincipal(grafana.trustedPrincipalArn);
  }
  const workspaces = Stack.of(scope).formatArn({ service: 'grafana', resource: '', resourceName: 'workspaces/*' });
  return new ServicePrincipal('grafana.amazonaws.com', {
    conditions: {
      StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
      StringLike: { 'aws:SourceArn': workspaces },
    },
  });
}
