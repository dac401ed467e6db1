import type { StackState } from '@pulselake/aws-clients/stacks';
import type { DeployPorts } from './deploy-ports.js';
import { DeployError } from './errors.js';

const LOOK_MS = 10_000;
/** CloudFormation waits for an hour for a resource, and as long to take it back. */
const DEADLINE_MS = 150 * 60_000;

/** Waits until a stack is at rest. @throws DeployError when that takes longer than CloudFormation itself waits */
export async function waitForStack(
  name: string,
  { stacks, sleep, clock, signal }: DeployPorts,
): Promise<StackState | undefined> {
  const began = clock();
  for (;;) {
    const state = await stacks.describe(name, { signal });
    if (!state?.status.endsWith('_IN_PROGRESS')) return state;
    if (clock() - began > DEADLINE_MS) {
      throw new DeployError(
        `${name} is ${state.status} for more than two and a half hours. Look at it in CloudFormation.`,
      );
    }
    await sleep(LOOK_MS, signal);
  }
}
