import type { AccountCheck } from './check.js';

const NAME = 'CDK bootstrap';
const PARAMETER = '/cdk-bootstrap/hnb659fds/version';
/** The first version whose roles and bucket the stacks count on. */
const LEAST_VERSION = 21;

/** Whether `cdk bootstrap` was run in this account and region, and is new enough. */
export const checkBootstrap: AccountCheck = async ({ account, identity, signal }) => {
  const { values } = await account.parameters([PARAMETER], { ...(signal && { signal }) });
  const command = `npx cdk bootstrap aws://${identity.account}/${identity.region}`;
  const version = Number(values.get(PARAMETER) ?? Number.NaN);
  if (Number.isNaN(version)) {
    return [
      { name: NAME, status: 'missing', detail: `not done in ${identity.region}. Run ${command}, once per region.` },
    ];
  }
  return version >= LEAST_VERSION
    ? [{ name: NAME, status: 'ok', detail: `version ${version}` }]
    : [
        {
          name: NAME,
          status: 'missing',
          detail: `version ${version} is too old; ${LEAST_VERSION} is needed. Run ${command} again.`,
        },
      ];
};
