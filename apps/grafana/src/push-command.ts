import { InvalidArgumentError, type Command } from 'commander';
import type { CommandIo } from './commands.js';
import { connectionOf, withConnection, type ConnectionOptions } from './connection-flags.js';
import { GrafanaApi, GrafanaError } from './grafana-api.js';
import { FOLDER } from './provisioning-files.js';
import { push, type PushedThing } from './push.js';

interface PushCommandOptions extends ConnectionOptions {
  readonly url: string;
  readonly tokenEnv?: string;
  readonly workspaceId?: string;
  readonly folder: string;
  readonly dryRun?: boolean;
  readonly overwrite?: boolean;
  readonly json?: boolean;
}

/** Adds `push`, which brings the dashboards to a running Grafana. */
export function addPushCommand(program: Command, io: CommandIo): void {
  const command = withConnection(program.command('push').description('bring the dashboards to a running Grafana'))
    .requiredOption('--url <url>', 'address of Grafana', urlArgument)
    .option('--token-env <name>', 'environment variable that holds the token of a service account')
    .option('--workspace-id <id>', 'Amazon Managed Grafana: make a short-lived token for this workspace')
    .option('--folder <title>', "title of the dashboards' folder when it has to be made", FOLDER.title)
    .option('--dry-run', 'say what would change, and change nothing')
    .option('--overwrite', 'replace dashboards that were edited in Grafana')
    .option('--json', 'print one JSON document')
    .action(async (options: PushCommandOptions) => {
      // Not in the argument's parser: its error would print the password.
      if (holdsPassword(options.url)) command.error('--url holds a user or password. Give a token by --token-env.');
      if ((options.tokenEnv === undefined) === (options.workspaceId === undefined)) {
        command.error('Give --token-env NAME, or --workspace-id ID for Amazon Managed Grafana, and not both.');
      }
      const run = (token: string) =>
        push(new GrafanaApi({ url: options.url, token }), {
          connection: connectionOf(options),
          folder: options.folder,
          dryRun: options.dryRun === true,
          overwrite: options.overwrite === true,
        });
      const things = await withToken(options, io, run);
      io.out(options.json === true ? JSON.stringify({ dryRun: options.dryRun === true, things }) : report(things));
    });
}

async function withToken<T>(
  options: PushCommandOptions,
  io: CommandIo,
  run: (token: string) => Promise<T>,
): Promise<T> {
  if (options.workspaceId !== undefined) {
    const { withWorkspaceToken } = await import('./workspace-token.js');
    return withWorkspaceToken({ workspaceId: options.workspaceId, region: options.region }, run);
  }
  const name = options.tokenEnv ?? '';
  const token = io.env[name]?.trim();
  if (token === undefined || token === '') {
    throw new GrafanaError(
      `The environment variable ${name} is not set. Put the token of a service account of Grafana into it.`,
    );
  }
  return run(token);
}

function report(things: readonly PushedThing[]): string {
  const lines = things.flatMap(({ kind, uid, action, differences }) => [
    `${kind} ${uid}: ${action}${action === 'kept' ? ' (edited in Grafana; --overwrite replaces it)' : ''}`,
    ...differences.map((difference) => `  ${difference}`),
  ]);
  if (things.every(({ action }) => action === 'unchanged')) lines.push('Nothing to change.');
  return lines.join('\n');
}

function urlArgument(text: string): string {
  if (URL.canParse(text) && /^https?:/.test(text)) return text;
  throw new InvalidArgumentError('It must be an address that begins with http:// or https://.');
}

function holdsPassword(url: string): boolean {
  const { username, password } = new URL(url);
  return username !== '' || password !== '';
}
