import { appDeployment, type AppDeployment, DEPLOYABLE, type Target } from './apps.js';
import type { DeployPorts } from './deploy-ports.js';
import { DeployError } from './errors.js';
import { waitForStack } from './wait-for-stack.js';

/** What someone who wants a removal has said. */
export interface Consent {
  readonly yes: boolean;
  /** The environment's name, typed. */
  readonly confirm: string | undefined;
}

/**
 * Removes an app's stacks, the last first. Buckets that go with their stack are emptied before, as AWS removes none that holds
 * objects; those of the lake stay with all they hold, unless the deployed configuration says otherwise.
 *
 * @throws DeployError when it is not meant, or could not be done; it can be run again
 */
export async function destroyApp(
  deployment: AppDeployment,
  target: Target,
  consent: Consent,
  ports: DeployPorts,
): Promise<void> {
  const { stacks, say, signal } = ports;
  if (!consent.yes || consent.confirm !== target.environment) {
    throw new DeployError(
      `This removes ${deployment.stacks.join(', ')}. If that is meant, give --yes --confirm ${target.environment}.`,
    );
  }
  if (deployment.app === 'infrastructure') await mustBeLast(target, ports);
  const there = [];
  for (const name of deployment.stacks) if (await stacks.describe(name, { signal })) there.push(name);
  if (there.length > 0 && deployment.stop) {
    say(`${deployment.app}: stopping`);
    const { exitCode } = await ports.run(deployment.stop, signal);
    if (exitCode !== 0)
      throw new DeployError(`${deployment.app} could not be stopped (see above). Nothing was removed.`);
  }
  for (const name of there.reverse()) {
    for (const bucket of await bucketsThatGo(name, ports)) {
      say(`${name}: emptying bucket ${bucket}`);
      say(`${name}: ${await ports.emptyBucket(bucket, signal)} versions of objects removed`);
    }
    say(`${name}: removing`);
    const { exitCode } = await ports.cdk(
      ['destroy', name, '--exclusively', '--force', '-c', `environment=${target.environment}`],
      signal,
    );
    const state = await waitForStack(name, ports);
    if (exitCode === 0 && (state === undefined || state.status === 'DELETE_COMPLETE')) continue;
    const first = state ? (await stacks.failures(name, { signal }))[0] : undefined;
    throw new DeployError(
      `${name} was not removed: it is ${state?.status ?? 'gone, though the CDK failed'}${first ? ` (${first.resource}: ${first.reason})` : ''}. Mend what it says and run it again.`,
    );
  }
}

/** The buckets that a stack has made and will remove, as the template says that it was deployed with. */
async function bucketsThatGo(name: string, { stacks, signal }: DeployPorts): Promise<string[]> {
  const { Resources: resources = {} } = JSON.parse(await stacks.template(name, { signal })) as Template;
  const going = Object.entries(resources)
    .filter(([, { Type, DeletionPolicy = 'Delete' }]) => Type === 'AWS::S3::Bucket' && DeletionPolicy === 'Delete')
    .map(([logical]) => logical);
  if (going.length === 0) return [];
  const made = await stacks.resources(name, { signal });
  return going.flatMap((logical) => made.get(logical) ?? []);
}

interface Template {
  readonly Resources?: Readonly<Record<string, { readonly Type: string; readonly DeletionPolicy?: string }>>;
}

async function mustBeLast(target: Target, { stacks, signal }: DeployPorts): Promise<void> {
  const left = [];
  for (const app of DEPLOYABLE) {
    if (app === 'infrastructure') continue;
    for (const name of appDeployment(app, target).stacks) if (await stacks.describe(name, { signal })) left.push(app);
  }
  if (left.length > 0) {
    throw new DeployError(
      `${left.join(', ')} ${left.length === 1 ? 'stands' : 'stand'} on it. Remove ${left.length === 1 ? 'that' : 'those'} first: npx nx destroy ${left[0]!}`,
    );
  }
}
