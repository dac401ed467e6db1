import type { AppDeployment, Target } from './apps.js';
import { lakeStack } from './apps.js';
import type { DeployPorts } from './deploy-ports.js';
import { DeployError } from './errors.js';
import { waitForStack } from './wait-for-stack.js';

/**
 * Brings an app to an environment: its code under its digest, then its stacks and no others, then what has to run.
 *
 * CloudFormation alone owns code and settings. A change that it cannot make it takes back by itself. What it makes and does not
 * run is taken back here, by giving the stack the template that it had: so the code goes back to the last digest with all that belongs to it.
 *
 * @throws DeployError when it could not be made; all can be run again
 */
export async function deployApp(deployment: AppDeployment, target: Target, ports: DeployPorts): Promise<void> {
  const { stacks, say, signal } = ports;
  for (const name of deployment.stacks) await mustBeAtRest(name, ports);
  if (deployment.upload) {
    const bucket = await artifactsBucket(target, ports);
    say(`${deployment.app}: uploading to ${bucket}`);
    const { exitCode } = await ports.run(deployment.upload(bucket), signal);
    if (exitCode !== 0) {
      throw new DeployError(`${deployment.app} was not uploaded (see above). Nothing was changed.`);
    }
  }
  const before = new Map<string, string>();
  for (const name of deployment.stacks) {
    if (await stacks.describe(name, { signal })) before.set(name, await stacks.template(name, { signal }));
  }
  for (const name of deployment.stacks) await deployStack(name, target, ports);
  if (!deployment.start) return;
  say(`${deployment.app}: starting`);
  const started = await ports.run(deployment.start, signal);
  if (started.exitCode === 0) return;
  await takeBack(deployment, before, ports);
}

async function deployStack(name: string, target: Target, ports: DeployPorts): Promise<void> {
  ports.say(`${name}: deploying`);
  const { exitCode } = await ports.cdk(
    ['deploy', name, '--exclusively', '--require-approval', 'never', '-c', `environment=${target.environment}`],
    ports.signal,
  );
  if (exitCode === 0) return;
  const state = await waitForStack(name, ports);
  const failures = state ? await ports.stacks.failures(name, { signal: ports.signal }) : [];
  const first = failures[0];
  throw new DeployError(
    [
      `${name} was not deployed${first ? `: ${first.resource}: ${first.reason}` : ' (see above)'}.`,
      state === undefined
        ? 'There is no such stack: nothing was made.'
        : state.status.includes('ROLLBACK_COMPLETE')
          ? `CloudFormation has taken the change back (${state.status}).`
          : `It is ${state.status}${state.reason === undefined ? '' : `: ${state.reason}`}.`,
      'Mend what it says and deploy again.',
    ].join(' '),
  );
}

/** What runs and what is made belong together: both go back. */
async function takeBack(
  deployment: AppDeployment,
  before: ReadonlyMap<string, string>,
  ports: DeployPorts,
): Promise<never> {
  const { stacks, say, signal } = ports;
  const changed = [];
  for (const name of deployment.stacks) {
    const template = before.get(name);
    if (template !== undefined && template !== (await stacks.template(name, { signal })))
      changed.push({ name, template });
  }
  if (changed.length === 0) {
    throw new DeployError(
      `${deployment.app} does not start (see above), and there is no earlier version to go back to. Its stack stays as it is; mend it and deploy again.`,
    );
  }
  for (const { name, template } of changed) {
    say(`${name}: going back to what it was`);
    await stacks.update(name, template, { signal });
    const state = await waitForStack(name, ports);
    if (state?.status !== 'UPDATE_COMPLETE') {
      throw new DeployError(
        `${deployment.app} does not start, and ${name} could not be taken back: it is ${state?.status ?? 'gone'}. Look at it in CloudFormation; events wait in their stream meanwhile.`,
      );
    }
  }
  const again = await ports.run(deployment.start!, signal);
  throw new DeployError(
    again.exitCode === 0
      ? `${deployment.app} does not start (see above). The version before runs again.`
      : `${deployment.app} does not start (see above), nor does the version before, which is in place. Events wait in their stream: start it as soon as it is mended.`,
  );
}

async function mustBeAtRest(name: string, { stacks, signal }: DeployPorts): Promise<void> {
  const state = await stacks.describe(name, { signal });
  if (state === undefined) return;
  if (state.status.endsWith('_IN_PROGRESS')) {
    throw new DeployError(`${name} is ${state.status}: somebody else is changing it. Deploy again when that is done.`);
  }
  if (state.status === 'UPDATE_ROLLBACK_FAILED' || state.status.startsWith('DELETE_')) {
    throw new DeployError(
      `${name} is ${state.status}${state.reason === undefined ? '' : ` (${state.reason})`}. It has to be brought to rest in CloudFormation first: continue the rollback, or the removal.`,
    );
  }
}

async function artifactsBucket(target: Target, { stacks, signal }: DeployPorts): Promise<string> {
  const lake = lakeStack(target);
  const bucket = (await stacks.describe(lake, { signal }))?.outputs['ArtifactsBucket'];
  if (bucket === undefined) {
    throw new DeployError(
      `${lake} is not deployed, and everything stands on it. First: npx nx deploy infrastructure --configuration=${target.environment}`,
    );
  }
  return bucket;
}
