import { CloudFormationServiceException } from '@aws-sdk/client-cloudformation';
import { describe, expect, it } from 'vitest';
import { AwsStacks, ControlAccessDeniedError } from '../../src/stacks/index.js';

type Answer = object | Error;

const failure = (name: string, message: string, status = 400) =>
  new CloudFormationServiceException({
    name,
    message,
    $fault: 'client',
    $metadata: { httpStatusCode: status },
  });

/** The port on a client that gives these answers, one after the other, and keeps what it was asked. */
function stacksOn(...answers: Answer[]) {
  const asked: object[] = [];
  const client = {
    send: (command: { constructor: { name: string }; input: object }) => {
      asked.push({ [command.constructor.name]: command.input });
      const answer = answers.shift();
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
  };
  let ms = 0;
  const stacks = new AwsStacks({
    client: client as never,
    clock: () => ms,
    random: () => 0.5,
    sleep: (pause) => {
      ms += pause;
      return Promise.resolve();
    },
  });
  return { stacks, asked };
}

describe('stacks of CloudFormation', () => {
  it('are described by status and outputs', async () => {
    const { stacks } = stacksOn({
      Stacks: [{ StackStatus: 'CREATE_COMPLETE', Outputs: [{ OutputKey: 'Bucket', OutputValue: 'b' }] }],
    });
    expect(await stacks.describe('a')).toEqual({ name: 'a', status: 'CREATE_COMPLETE', outputs: { Bucket: 'b' } });
  });

  it('are nothing when there is none, which CloudFormation calls a wrong request', async () => {
    const { stacks } = stacksOn(failure('ValidationError', 'Stack with id a does not exist'));
    expect(await stacks.describe('a')).toBeUndefined();
  });

  it('are asked again when the service is busy, and no more when it denies', async () => {
    const busy = stacksOn(failure('Throttling', 'Rate exceeded'), { Stacks: [{ StackStatus: 'CREATE_COMPLETE' }] });
    expect(await busy.stacks.describe('a')).toMatchObject({ status: 'CREATE_COMPLETE' });
    const denied = stacksOn(failure('AccessDenied', 'not authorized', 403));
    await expect(denied.stacks.describe('a')).rejects.toBeInstanceOf(ControlAccessDeniedError);
    expect(denied.asked).toHaveLength(1);
  });

  it('tell the names of what they made, of all pages', async () => {
    const { stacks, asked } = stacksOn(
      { StackResourceSummaries: [{ LogicalResourceId: 'a', PhysicalResourceId: 'bucket-a' }], NextToken: 'more' },
      { StackResourceSummaries: [{ LogicalResourceId: 'b' }, { LogicalResourceId: 'c', PhysicalResourceId: 'queue' }] },
    );
    expect([...(await stacks.resources('s'))]).toEqual([
      ['a', 'bucket-a'],
      ['c', 'queue'],
    ]);
    expect(asked[1]).toEqual({ ListStackResourcesCommand: { StackName: 's', NextToken: 'more' } });
  });

  it('are updated, and a template that they have already is no fault', async () => {
    const { stacks, asked } = stacksOn({}, failure('ValidationError', 'No updates are to be performed.'));
    await stacks.update('a', '{}');
    await stacks.update('a', '{}');
    expect(asked[0]).toMatchObject({ UpdateStackCommand: { StackName: 'a', TemplateBody: '{}' } });
  });

  it('tell the failures of their last change, the first one first, without those that others caused', async () => {
    const event = (
      LogicalResourceId: string,
      ResourceStatus: string,
      ResourceStatusReason?: string,
      ResourceType = 'X',
    ) => ({
      LogicalResourceId,
      ResourceStatus,
      ResourceStatusReason,
      ResourceType,
    });
    const { stacks } = stacksOn({
      StackEvents: [
        event('a', 'UPDATE_ROLLBACK_COMPLETE', undefined, 'AWS::CloudFormation::Stack'),
        event('late', 'UPDATE_FAILED', 'Resource update cancelled'),
        event('second', 'CREATE_FAILED', 'two'),
        event('first', 'CREATE_FAILED', 'one'),
        event('a', 'UPDATE_IN_PROGRESS', 'User Initiated', 'AWS::CloudFormation::Stack'),
        event('old', 'CREATE_FAILED', 'of another change'),
      ],
    });
    expect(await stacks.failures('a')).toEqual([
      { resource: 'first', reason: 'one' },
      { resource: 'second', reason: 'two' },
    ]);
  });
});
