import { statfs } from 'node:fs/promises';
import { arch, availableParallelism, freemem, platform, tmpdir } from 'node:os';
import { dirname, resolve } from 'node:path';
import { versions } from 'node:process';
import { DuckDbQueryEngine, LakeError } from '@pulselake/lake';
import type { Command } from 'commander';
import { wholeNumber } from './arguments.js';
import { addAwsOptions, environmentArgument } from './aws-options.js';
import { type CommandContext, UsageError } from './context.js';
import { doctorAws } from './doctor-aws.js';
import { bytes, cellText } from './format.js';
import type { Run } from './run-command.js';

interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

const GIB = 2 ** 30;

/** `doctor`: what this machine lacks, or an AWS account. */
export function addDoctorCommand(program: Command, run: Run): void {
  const command = program
    .command('doctor')
    .description('check this machine and the lake, or an AWS account; exits 1 when something is missing')
    .option('--aws', 'check the AWS account that a deployment would go to, instead of this machine; changes nothing')
    .option('--env <name>', 'AWS: the environment that would be deployed (default: dev)', environmentArgument)
    .option('--events-per-second <n>', 'AWS: the load to hold quotas against (default: 1000)', wholeNumber(0, 1e8))
    .option('--components <n>', 'AWS: components that send metrics (default: 100)', wholeNumber(0, 1e7));
  addAwsOptions(command).action(
    run(async (context, _args, options) => {
      if (options['aws'] === true) {
        return doctorAws(context, { env: 'dev', eventsPerSecond: 1000, components: 100, ...options });
      }
      refuseAwsOptions(options);
      const checks = [
        nodeCheck(),
        await duckDbCheck(),
        await diskCheck(context.options.lake),
        memoryCheck(),
        await lakeCheck(context),
      ];
      context.result(
        { ok: checks.every(({ ok }) => ok), checks },
        checks.map(
          ({ name, ok, detail }) =>
            `${ok ? context.paint('green', 'ok  ') : context.paint('red', 'FAIL')}  ${name}: ${detail}`,
        ),
      );
      return checks.every(({ ok }) => ok) ? 0 : 1;
    }),
  );
}

function refuseAwsOptions(options: Readonly<Record<string, unknown>>): void {
  for (const [name, flag] of Object.entries(AWS_FLAGS)) {
    if (options[name] !== undefined) throw new UsageError(`${flag} is about AWS: add --aws, or leave it out.`);
  }
}

const AWS_FLAGS = {
  env: '--env',
  eventsPerSecond: '--events-per-second',
  components: '--components',
  region: '--region',
  endpoint: '--endpoint',
} as const;

function nodeCheck(): Check {
  const [major, minor] = versions.node.split('.').map(Number) as [number, number];
  const ok = major > 20 || (major === 20 && minor >= 19);
  return {
    name: 'Node.js',
    ok,
    detail: `${versions.node} on ${platform()} ${arch()}${ok ? '' : '; 20.19 or later is needed'}`,
  };
}

async function duckDbCheck(): Promise<Check> {
  try {
    const engine = await DuckDbQueryEngine.open(tmpdir());
    const { rows } = await engine.query('SELECT version()');
    await engine.close();
    return { name: 'DuckDB', ok: true, detail: cellText(rows[0]?.[0]) };
  } catch (error) {
    return { name: 'DuckDB', ok: false, detail: `${(error as Error).message}. Run npm ci again on this machine.` };
  }
}

async function diskCheck(lake: string): Promise<Check> {
  for (let folder = resolve(lake); ; folder = dirname(folder)) {
    try {
      const { bavail, bsize } = await statfs(folder);
      const free = bavail * bsize;
      return {
        name: 'disk',
        ok: free > GIB,
        detail: `${bytes(free)} free at ${folder}${free > GIB ? '' : '; at least 1 GiB is needed'}`,
      };
    } catch (error) {
      if (folder === dirname(folder)) return { name: 'disk', ok: false, detail: (error as Error).message };
    }
  }
}

function memoryCheck(): Check {
  const free = freemem();
  return { name: 'memory', ok: free > GIB / 2, detail: `${bytes(free)} free, ${availableParallelism()} processors` };
}

async function lakeCheck(context: CommandContext): Promise<Check> {
  try {
    const lake = await context.openLake(false, { readsOnly: true });
    const { runs, damaged } = await lake.ledger();
    const detail =
      damaged.length > 0
        ? `${damaged.length} damaged ledger entries; run pulselake verify`
        : `${runs.length} runs; pulselake verify proves it`;
    return { name: 'lake', ok: damaged.length === 0, detail: `${context.options.lake}: ${detail}` };
  } catch (error) {
    if (error instanceof LakeError && error.message.includes('is not a lake')) {
      return { name: 'lake', ok: true, detail: `none at ${context.options.lake} yet; pulselake start makes one` };
    }
    return { name: 'lake', ok: false, detail: (error as Error).message };
  }
}
