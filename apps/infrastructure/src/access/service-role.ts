import { Aws } from 'aws-cdk-lib';
import { PolicyDocument, type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { suppress, type Suppression } from '../suppress.js';

export interface ServiceRoleProps {
  readonly roleName: string;
  /** For example `glue.amazonaws.com`. */
  readonly service: string;
  readonly description: string;
  readonly statements: readonly PolicyStatement[];
  /** Why rights with a wildcard are as narrow as can be. */
  readonly explained?: readonly Suppression[];
  /** Whether the service says for whom it asks; Glue and Managed Flink do not. */
  readonly saysForWhom?: boolean;
}

/** A role for one service, with all its rights in one place. Nothing adds to them later: `withoutPolicyUpdates` is for constructs that would. */
export class ServiceRole extends Role {
  constructor(
    scope: Construct,
    id: string,
    { roleName, service, description, statements, explained = [], saysForWhom = true }: ServiceRoleProps,
  ) {
    super(scope, id, {
      roleName,
      description,
      assumedBy: new ServicePrincipal(service, {
        // Only on behalf of this account: no other may have the service use our role.
        ...(saysForWhom && { conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } } }),
      }),
      inlinePolicies: { rights: new PolicyDocument({ statements: [...statements] }) },
    });
    suppress(this, explained);
  }
}
