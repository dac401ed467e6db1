import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createObjectStoreClient, emptyBucket } from '@pulselake/aws-clients/objects';
import { AwsStacks, createCloudFormationClient } from '@pulselake/aws-clients/stacks';
import { Argument, Command } from 'commander';
import { appDeployment, DEPLOYABLE, type DeployableApp, type ProgramCall, type Target } from './apps.js';
import { deployApp } from './deploy-app.js';
import type { DeployPorts, Ended } from './deploy-ports.js';
import { destroyApp } from './destroy-app.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

interface DeployFlags {
  readonly env: string;
  readonly endpoint?: string;
}

const program = new Command('pulselake-deploy').description(
  'brings an app to an environment on AWS, or removes it from there',
);
const app = () => new Argument('<app>', 'what is deployed').choices(DEPLOYABLE);
const common = (command: Command) =>
  command
    .addArgument(app())
    .requiredOption('--env <name>', 'the environment: a file in apps/infrastructure/config')
    .option('--endpoint <url>', "another address than CloudFormation's");

common(program.command('deploy').description('upload its code, deploy its stacks, start what has to run')).action(
  async (name: DeployableApp, flags: DeployFlags) => {
    const target = targetOf(flags);
    await deployApp(appDeployment(name, target), target, ports(target, flags));
  },
);
common(
  program
    .command('destroy')
    .description('remove its stacks, and what the buckets hold that go with them; those of the lake stay by default'),
)
  .option('--yes', 'it is meant')
  .option('--confirm <name>', "the environment's name, typed")
  .action(async (name: DeployableApp, flags: DeployFlags & { yes?: boolean; confirm?: string }) => {
    const target = targetOf(flags);
    const consent = { yes: flags.yes === true, confirm: flags.confirm };
    await destroyApp(appDeployment(name, target), target, consent, ports(target, flags));
  });

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

function targetOf({ env }: DeployFlags): Target {
  const path = join(ROOT, 'apps/infrastructure/config', `${env}.json`);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new Error(`${path} cannot be read. --env names a file of that folder, for example dev.`);
  }
  const { environment, region } = JSON.parse(text) as Partial<Target>;
  if (environment === undefined || region === undefined) throw new Error(`${path} lacks environment or region.`);
  return { environment, region };
}

function ports({ region }: Target, { endpoint }: DeployFlags): DeployPorts {
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort(new Error('Ended by Ctrl-C. What is under way on AWS goes on.')));
  const client = createCloudFormationClient({ region, endpoint });
  const attempts = { clock: Date.now, random: Math.random };
  const objects = createObjectStoreClient({ region, endpoint });
  return {
    stacks: new AwsStacks({ client, ...attempts }),
    emptyBucket: (bucket, signal) => emptyBucket(bucket, { client: objects, ...attempts }, { signal }),
    run: ([file, ...args]: ProgramCall, signal) => run(process.execPath, [join(ROOT, file), ...args], ROOT, signal),
    cdk: (args, signal) =>
      run(
        process.execPath,
        [join(ROOT, 'node_modules/aws-cdk/bin/cdk'), ...args],
        join(ROOT, 'apps/infrastructure'),
        signal,
      ),
    say: (text) => process.stderr.write(`${text}\n`),
    sleep: (ms, signal) => sleep(ms, undefined, { signal }),
    clock: () => performance.now(),
    signal: stop.signal,
  };
}

function run(command: string, args: readonly string[], cwd: string, signal: AbortSignal): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: 'inherit', signal, killSignal: 'SIGINT' });
    child.on('error', reject);
    child.on('close', (code) => resolve({ exitCode: code ?? 1 }));
  });
}
