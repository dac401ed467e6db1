import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Command } from 'commander';
import { connectionOf, withConnection, type ConnectionOptions } from './connection-flags.js';
import { FOLDER, provisioningFiles } from './provisioning-files.js';
import { addPushCommand } from './push-command.js';

/** What commands write to and read tokens from. */
export interface CommandIo {
  readonly out: (text: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The `pulselake-grafana` command. */
export function grafanaProgram(io: CommandIo): Command {
  const program = new Command('pulselake-grafana').description("Pulselake's dashboards in Grafana").exitOverride();
  withConnection(program.command('render').description('write file provisioning for Grafana'))
    .requiredOption('--out <dir>', 'the folder to write to')
    .option('--folder <title>', "title of the dashboards' folder in Grafana", FOLDER.title)
    .option('--dashboards-path <path>', 'where Grafana finds the dashboards', '/var/lib/grafana/dashboards/pulselake')
    .option('--json', 'print one JSON document')
    .action(async (options: RenderOptions) => {
      const files = provisioningFiles({
        connection: connectionOf(options),
        folder: options.folder,
        dashboardsPath: options.dashboardsPath,
      });
      for (const [path, content] of files) await write(join(options.out, path), content);
      const paths = [...files.keys()];
      io.out(
        options.json === true
          ? JSON.stringify({ out: resolve(options.out), files: paths })
          : paths.map((path) => `wrote ${join(options.out, path)}`).join('\n'),
      );
    });
  addPushCommand(program, io);
  return program;
}

interface RenderOptions extends ConnectionOptions {
  readonly out: string;
  readonly folder: string;
  readonly dashboardsPath: string;
  readonly json?: boolean;
}

async function write(path: string, content: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new Error(
      `${path} cannot be written (${code ?? String(cause)}). Give --out a folder that you may write to.`,
      {
        cause,
      },
    );
  }
}
