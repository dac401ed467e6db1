import {
  CreateWorkspaceServiceAccountCommand,
  CreateWorkspaceServiceAccountTokenCommand,
  DeleteWorkspaceServiceAccountCommand,
  GrafanaClient,
} from '@aws-sdk/client-grafana';
import { GrafanaError } from './grafana-api.js';

const LIFE_SECONDS = 900;

export interface Workspace {
  readonly workspaceId: string;
  readonly region: string;
}

/** The calls made, so that tests need no AWS. */
export type GrafanaControl = Pick<GrafanaClient, 'send'>;

/**
 * Runs `work` with a token of an Amazon Managed Grafana workspace that lives 15 minutes at most. Its service account is
 * deleted at the end, and the token with it.
 */
export async function withWorkspaceToken<T>(
  { workspaceId, region }: Workspace,
  work: (token: string) => Promise<T>,
  client: GrafanaControl = new GrafanaClient({ region }),
): Promise<T> {
  const serviceAccountId = await makeAccount({ workspaceId, region }, client);
  let result: T;
  try {
    result = await work(await makeToken({ workspaceId, serviceAccountId }, client));
  } catch (error) {
    // Why the work failed says more than why the account could not be deleted after it; its token dies by itself.
    await deleteAccount({ workspaceId, serviceAccountId }, client).catch(() => undefined);
    throw error;
  }
  await deleteAccount({ workspaceId, serviceAccountId }, client);
  return result;
}

interface Account {
  readonly workspaceId: string;
  readonly serviceAccountId: string;
}

async function makeAccount({ workspaceId, region }: Workspace, client: GrafanaControl): Promise<string> {
  const name = `pulselake-push-${Date.now()}`;
  const { id } = await client
    .send(new CreateWorkspaceServiceAccountCommand({ workspaceId, name, grafanaRole: 'ADMIN' }))
    .catch((cause: unknown) => {
      throw new GrafanaError(
        `The workspace ${workspaceId} in ${region} made no service account (${said(cause)}). Check --workspace-id and --region, that AWS credentials are there, and that they allow grafana:CreateWorkspaceServiceAccount.`,
        undefined,
        { cause },
      );
    });
  if (id === undefined) throw new GrafanaError(`The workspace ${workspaceId} named no service account. Try again.`);
  return id;
}

async function makeToken(account: Account, client: GrafanaControl): Promise<string> {
  const { serviceAccountToken } = await client
    .send(new CreateWorkspaceServiceAccountTokenCommand({ ...account, name: 'push', secondsToLive: LIFE_SECONDS }))
    .catch((cause: unknown) => {
      throw new GrafanaError(
        `The workspace ${account.workspaceId} made no token (${said(cause)}). The credentials must allow grafana:CreateWorkspaceServiceAccountToken.`,
        undefined,
        { cause },
      );
    });
  if (serviceAccountToken?.key === undefined) {
    throw new GrafanaError(`The workspace ${account.workspaceId} gave no token. Try again.`);
  }
  return serviceAccountToken.key;
}

async function deleteAccount(account: Account, client: GrafanaControl): Promise<void> {
  await client.send(new DeleteWorkspaceServiceAccountCommand(account)).catch((cause: unknown) => {
    throw new GrafanaError(
      `All was pushed, but the service account ${account.serviceAccountId} of the workspace ${account.workspaceId} could not be deleted (${said(cause)}). Delete it yourself; its token ends within ${LIFE_SECONDS / 60} minutes. The credentials must allow grafana:DeleteWorkspaceServiceAccount.`,
      undefined,
      { cause },
    );
  });
}

function said(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
