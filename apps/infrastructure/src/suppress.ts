import { CfnResource } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** A rule that does not hold for a construct, and why. */
export interface Suppression {
  /** For example `AwsSolutions-IAM5`. */
  readonly id: string;
  /** For people who review. */
  readonly reason: string;
  /** The findings meant, where a rule tells several apart, for example `Resource::*`. */
  readonly appliesTo?: readonly (string | { readonly regex: string })[];
}

/**
 * Says at the construct why rules of cdk-nag do not hold for it and what is below it. They are written as cdk-nag reads them, into the template's metadata:
 * so the reason stands beside the resource, and the deployed app needs no cdk-nag.
 *
 * @see https://github.com/cdklabs/cdk-nag#suppressing-a-rule
 */
export function suppress(construct: IConstruct, suppressions: readonly Suppression[]): void {
  for (const resource of construct.node.findAll()) {
    if (!CfnResource.isCfnResource(resource)) continue;
    const known = (resource.getMetadata('cdk_nag') as { rules_to_suppress: unknown[] } | undefined)?.rules_to_suppress;
    const rules = suppressions.map(({ id, reason, appliesTo }) => ({
      id,
      reason,
      ...(appliesTo && { applies_to: appliesTo }),
    }));
    resource.addMetadata('cdk_nag', { rules_to_suppress: [...(known ?? []), ...rules] });
  }
}
