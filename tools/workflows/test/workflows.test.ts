import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const workflows = join(root, '.github/workflows');

interface Step {
  readonly uses?: string;
  readonly run?: string;
}

interface Job {
  readonly steps: readonly Step[];
  readonly strategy?: { readonly matrix?: Readonly<Record<string, readonly string[]>> };
  readonly permissions?: Readonly<Record<string, string>>;
  readonly 'timeout-minutes'?: number;
}

const textOf = (file: string) => readFileSync(join(workflows, file), 'utf8');
const jobsOf = (file: string) => Object.entries((parse(textOf(file)) as { jobs: Record<string, Job> }).jobs);
const files = readdirSync(workflows);
const jobs = files.flatMap((file) => jobsOf(file).map(([name, job]) => [`${file}: ${name}`, job] as const));
const setup = parse(readFileSync(join(root, '.github/actions/setup/action.yml'), 'utf8')) as { runs: Job };

/** The commands of a job, one for each value of its matrix. */
function commandsOf({ steps, strategy }: Job): string[] {
  const lines = steps.flatMap(({ run }) => run?.split('\n') ?? []).map((line) => line.trim());
  const [name, values] = Object.entries(strategy?.matrix ?? {})[0] ?? [];
  if (name === undefined || values === undefined) return lines;
  return lines.flatMap((line) => values.map((value) => line.replaceAll(`\${{ matrix.${name} }}`, value)));
}

/** The targets that a command asks Nx for. */
function targetsOf(command: string): string[] {
  const asked = /\bnx (?:affected|run-many) -t ((?:[\w-]+ ?)+?)(?= --|$)/.exec(command);
  return asked ? asked[1]!.trim().split(' ') : [];
}

let targets: ReadonlySet<string>;
let projects: readonly string[];

beforeAll(() => {
  const folder = mkdtempSync(join(tmpdir(), 'pulselake-graph-'));
  const file = join(folder, 'graph.json');
  try {
    execFileSync('npx', ['nx', 'graph', `--file=${file}`], {
      cwd: root,
      stdio: 'pipe',
      env: { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false', NX_NO_CLOUD: 'true' },
    });
    const { graph } = JSON.parse(readFileSync(file, 'utf8')) as {
      graph: { nodes: Record<string, { data: { targets: Record<string, unknown> } }> };
    };
    projects = Object.keys(graph.nodes);
    targets = new Set(Object.values(graph.nodes).flatMap(({ data }) => Object.keys(data.targets)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 120_000);

describe('the workflows', () => {
  it.each(jobs)('name targets that a project has, in %s', (_, job) => {
    const asked = commandsOf(job).flatMap(targetsOf);
    expect(asked.filter((target) => !targets.has(target))).toEqual([]);
  });

  it('name targets at all, each in its place', () => {
    const all = new Set(jobs.flatMap(([, job]) => commandsOf(job).flatMap(targetsOf)));
    for (const target of ['lint', 'typecheck', 'build', 'test', 'test-java', 'test-python', 'synth', 'deploy', 'e2e'])
      expect(all).toContain(target);
  });

  it.each(jobs)('run scripts that are there, in %s', (_, job) => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object };
    for (const command of commandsOf(job)) {
      const script = /^npm run (\S+)/.exec(command)?.[1];
      if (script !== undefined) expect(Object.keys(scripts)).toContain(script);
      const file = /^bash (\S+)/.exec(command)?.[1];
      if (file !== undefined) expect(existsSync(join(root, file)), file).toBe(true);
    }
  });

  it.each([...jobs, ['the action setup', setup.runs] as const])('pin actions by digest, in %s', (_, { steps }) => {
    for (const { uses } of steps) {
      if (uses !== undefined && !uses.startsWith('./')) expect(uses).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
    }
  });

  it.each(jobs)('end by themselves, in %s', (_, job) => {
    expect(job['timeout-minutes']).toBeGreaterThan(0);
  });

  it('name no project: what is there is found by its targets', () => {
    for (const file of files) {
      const commands = jobsOf(file).flatMap(([, job]) => commandsOf(job));
      for (const project of projects) {
        const named = new RegExp(`(^|[\\s/:])${project.replace(/^@pulselake\//, '(@pulselake/)?')}([\\s:]|$)`);
        // The command itself may be named, and `e2e` is a target.
        expect(commands.filter((command) => named.test(command) && project !== 'pulselake')).toEqual([]);
      }
    }
  });

  it('hold no key of AWS', () => {
    for (const file of files) expect(textOf(file)).not.toMatch(/secrets\.AWS|aws-(secret-)?access-key/i);
  });

  it.each(jobs)('may only read, where they do not say why, in %s', (name, job) => {
    if (name !== 'main.yml: deploy' && !name.startsWith('release.yml')) expect(job.permissions).toBeUndefined();
  });
});
