import type { AccountCheck, Finding } from './check.js';

/** Roles that a service makes for itself on first use, if whoever uses it first may let it. */
const ROLES: readonly { readonly role: string; readonly service: string; readonly isNeeded: boolean }[] = [
  { role: 'AWSServiceRoleForAmazonEMRServerless', service: 'ops.emr-serverless.amazonaws.com', isNeeded: true },
  { role: 'AWSServiceRoleForAmazonGrafana', service: 'grafana.amazonaws.com', isNeeded: false },
];

/** Whether the service-linked roles are there. */
export const checkRoles: AccountCheck = async ({ account, signal }) => {
  const findings: Finding[] = [];
  for (const { role, service, isNeeded } of ROLES) {
    const name = `role ${role}`;
    if (await account.hasRole(role, { ...(signal && { signal }) })) {
      findings.push({ name, status: 'ok', detail: 'there' });
      continue;
    }
    const why = isNeeded ? '' : ' It is needed for Managed Grafana only.';
    findings.push({
      name,
      status: isNeeded ? 'missing' : 'advice',
      detail: `not there.${why} Run aws iam create-service-linked-role --aws-service-name ${service}`,
    });
  }
  return findings;
};
