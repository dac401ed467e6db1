import { describe, expect, it } from 'vitest';
import { withWorkspaceToken, type GrafanaControl } from '../src/index.js';

const WORKSPACE = { workspaceId: 'g-0123456789', region: 'eu-central-1' };

function fakeControl(refused?: string) {
  const calls: string[] = [];
  const send = (command: { constructor: { name: string } }) => {
    const { name } = command.constructor;
    calls.push(name);
    return name === refused
      ? Promise.reject(Object.assign(new Error('not yours'), { name: 'AccessDeniedException' }))
      : Promise.resolve({ id: '5', serviceAccountToken: { key: 'secret' } });
  };
  return { calls, client: { send } as unknown as GrafanaControl };
}

const push = (client: GrafanaControl) => withWorkspaceToken(WORKSPACE, (token) => Promise.resolve(token), client);

describe('withWorkspaceToken', () => {
  it('deletes the service account at the end', async () => {
    const { calls, client } = fakeControl();
    expect(await push(client)).toBe('secret');
    expect(calls.at(-1)).toBe('DeleteWorkspaceServiceAccountCommand');
  });

  it('deletes the service account when the work fails', async () => {
    const { calls, client } = fakeControl();
    await expect(withWorkspaceToken(WORKSPACE, () => Promise.reject(new Error('no')), client)).rejects.toThrow('no');
    expect(calls.at(-1)).toBe('DeleteWorkspaceServiceAccountCommand');
  });

  it('fails when AWS refuses an account, and says what to check', async () => {
    const { calls, client } = fakeControl('CreateWorkspaceServiceAccountCommand');
    await expect(push(client)).rejects.toThrow(/g-0123456789 in eu-central-1 .*AccessDeniedException.*--workspace-id/);
    expect(calls).toHaveLength(1);
  });

  it('fails when AWS refuses a token, and deletes the account', async () => {
    const { calls, client } = fakeControl('CreateWorkspaceServiceAccountTokenCommand');
    await expect(push(client)).rejects.toThrow(/made no token \(AccessDeniedException: not yours\)/);
    expect(calls.at(-1)).toBe('DeleteWorkspaceServiceAccountCommand');
  });

  it('fails when the account cannot be deleted, and names it', async () => {
    const { client } = fakeControl('DeleteWorkspaceServiceAccountCommand');
    await expect(push(client)).rejects.toThrow(/service account 5 of the workspace g-0123456789 could not be deleted/);
  });

  it('fails with what went wrong in the work, even when the account cannot be deleted', async () => {
    const { client } = fakeControl('DeleteWorkspaceServiceAccountCommand');
    await expect(withWorkspaceToken(WORKSPACE, () => Promise.reject(new Error('no')), client)).rejects.toThrow(/^no$/);
  });
});
