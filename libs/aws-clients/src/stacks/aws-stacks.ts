import {
  type CloudFormationClient,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  ListStackResourcesCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { type CallOptions, callService, type ControlOptions } from '../control/call-service.js';
import { ControlRequestError } from '../control/errors.js';
import type { StackFailure, Stacks, StackState } from './stacks.js';

/** The SDK's client of CloudFormation by which stacks are looked at and updated. */
export type AwsStacksOptions = ControlOptions<Pick<CloudFormationClient, 'send'>>;

/** `Stacks` on AWS CloudFormation. */
export class AwsStacks implements Stacks {
  constructor(private readonly options: AwsStacksOptions) {}

  async describe(name: string, { signal }: CallOptions = {}): Promise<StackState | undefined> {
    try {
      const { Stacks: found = [] } = await this.#call(name, 'cloudformation:DescribeStacks', { signal }, (call) =>
        this.options.client.send(new DescribeStacksCommand({ StackName: name }), call),
      );
      const [stack] = found;
      if (!stack) return undefined;
      return {
        name,
        status: stack.StackStatus ?? 'UNKNOWN',
        ...(stack.StackStatusReason !== undefined && { reason: stack.StackStatusReason }),
        outputs: Object.fromEntries(
          (stack.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
        ),
      };
    } catch (error) {
      // CloudFormation has no error of its own for it.
      if (error instanceof ControlRequestError && /does not exist/.test(error.message)) return undefined;
      throw error;
    }
  }

  async resources(name: string, { signal }: CallOptions = {}): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>();
    let token: string | undefined;
    do {
      const input = { StackName: name, ...(token !== undefined && { NextToken: token }) };
      const page = await this.#call(name, 'cloudformation:ListStackResources', { signal }, (call) =>
        this.options.client.send(new ListStackResourcesCommand(input), call),
      );
      for (const { LogicalResourceId: logical, PhysicalResourceId: physical } of page.StackResourceSummaries ?? []) {
        // One that could not be made has no name of its own.
        if (logical !== undefined && physical !== undefined) found.set(logical, physical);
      }
      token = page.NextToken;
    } while (token !== undefined);
    return found;
  }

  async template(name: string, { signal }: CallOptions = {}): Promise<string> {
    const { TemplateBody } = await this.#call(name, 'cloudformation:GetTemplate', { signal }, (call) =>
      this.options.client.send(new GetTemplateCommand({ StackName: name, TemplateStage: 'Original' }), call),
    );
    return TemplateBody ?? '';
  }

  async update(name: string, template: string, { signal }: CallOptions = {}): Promise<void> {
    try {
      await this.#call(name, 'cloudformation:UpdateStack', { signal, isRepeatable: false }, (call) =>
        this.options.client.send(
          new UpdateStackCommand({
            StackName: name,
            TemplateBody: template,
            Capabilities: ['CAPABILITY_NAMED_IAM'],
          }),
          call,
        ),
      );
    } catch (error) {
      if (error instanceof ControlRequestError && /No updates are to be performed/.test(error.message)) return;
      throw error;
    }
  }

  async failures(name: string, { signal }: CallOptions = {}): Promise<readonly StackFailure[]> {
    const { StackEvents: events = [] } = await this.#call(
      name,
      'cloudformation:DescribeStackEvents',
      { signal },
      (call) => this.options.client.send(new DescribeStackEventsCommand({ StackName: name }), call),
    );
    // Newest first, back to where the last change of the stack itself began.
    const begin = events.findIndex(
      ({ ResourceType, ResourceStatus }) =>
        ResourceType === 'AWS::CloudFormation::Stack' &&
        /^(CREATE|UPDATE|DELETE)_IN_PROGRESS$/.test(ResourceStatus ?? ''),
    );
    return (begin < 0 ? events : events.slice(0, begin))
      .filter(({ ResourceStatus, ResourceStatusReason }) => ResourceStatus?.endsWith('_FAILED') && ResourceStatusReason)
      .map(({ LogicalResourceId = '', ResourceStatusReason = '' }) => ({
        resource: LogicalResourceId,
        reason: ResourceStatusReason,
      }))
      .filter(({ reason }) => !/cancelled/i.test(reason))
      .reverse();
  }

  #call<T>(
    name: string,
    needs: string,
    { signal, isRepeatable = true }: CallOptions & { readonly isRepeatable?: boolean },
    work: (call: { readonly abortSignal: AbortSignal }) => Promise<T>,
  ): Promise<T> {
    return callService(
      work,
      { service: 'CloudFormation', what: 'application', name, needs, isRepeatable, signal },
      this.options,
    );
  }
}
