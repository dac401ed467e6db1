import type { AccountCheck, Finding } from './check.js';

/** Whether the names of the deployment's buckets are free, or its own already. */
export const checkBuckets: AccountCheck = async ({ account, identity, buckets, signal }) => {
  const findings: Finding[] = [];
  for (const bucket of buckets) {
    const owner = await account.bucketOwner(bucket, identity.account, { ...(signal && { signal }) });
    const name = `bucket ${bucket}`;
    if (owner === 'nobody') findings.push({ name, status: 'ok', detail: 'the name is free' });
    else if (owner === 'this-account') findings.push({ name, status: 'ok', detail: 'is there, and of this account' });
    else {
      findings.push({
        name,
        status: 'missing',
        detail:
          'somebody else has the name, or these credentials may not see it (s3:ListBucket). Name the environment otherwise: --env NAME.',
      });
    }
  }
  return findings;
};
