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
  const account = await client.send(
    new CreateWorkspaceServiceAccountCommand({
      workspaceId,
      name: `pulselake-push-${Date.now()}`,
      grafanaRole: 'ADMIN',
    }),
  );
  const serviceAccountId = account.id;
  if (serviceAccountId === undefined) throw new GrafanaError(`The workspace ${workspaceId} made no service account.`);
  try {
    const made = await client.send(
      new CreateWorkspaceServiceAccountTokenCommand({
        workspaceId,
        serviceAccountId,
        name: 'push',
        secondsToLive: LIFE_SECONDS,
      }),
    );
    const token = made.serviceAccountToken?.key;
    if (token === undefined) throw new GrafanaError(`The workspace ${workspaceId} made no token.`);
    return await work(token);
  } finally {
    await client.send(new DeleteWorkspaceServiceAccountCommand({ workspaceId, serviceAccountId }));
  }
}
