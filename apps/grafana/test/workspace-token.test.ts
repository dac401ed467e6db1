import { describe, expect, it } from 'vitest';
import { withWorkspaceToken, type GrafanaControl } from '../src/index.js';

const WORKSPACE = { workspaceId: 'g-0123456789', region: 'eu-central-1' };

function fakeControl() {
  const calls: string[] = [];
  const send = (command: { constructor: { name: string } }) => {
    calls.push(command.constructor.name);
    return Promise.resolve({ id: '5', serviceAccountToken: { key: 'secret' } });
  };
  return { calls, client: { send } as unknown as GrafanaControl };
}

describe('withWorkspaceToken', () => {
  it('deletes the service account at the end', async () => {
    const { calls, client } = fakeControl();
    expect(await withWorkspaceToken(WORKSPACE, (token) => Promise.resolve(token), client)).toBe('secret');
    expect(calls.at(-1)).toBe('DeleteWorkspaceServiceAccountCommand');
  });

  it('deletes the service account when the work fails', async () => {
    const { calls, client } = fakeControl();
    await expect(withWorkspaceToken(WORKSPACE, () => Promise.reject(new Error('no')), client)).rejects.toThrow('no');
    expect(calls.at(-1)).toBe('DeleteWorkspaceServiceAccountCommand');
  });
});
