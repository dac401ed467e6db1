import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDbQueryEngine } from '@pulselake/lake';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blocksOf, pages, ROOT } from '../src/pages.js';
import { type CommandHelp, commandsOf, PROGRAMS } from '../src/programs.js';
import { type ShellCommand, shellCommands } from '../src/shell-commands.js';

const blocks = pages().flatMap(blocksOf);
const inShell = blocks.filter(({ language }) => language === 'sh' || language === 'bash').flatMap(shellCommands);

/** What everybody has, or is told to get. */
const OTHERS = new Set([
  'aws',
  'cat',
  'cd',
  'cp',
  'curl',
  'docker',
  'export',
  'git',
  'gunzip',
  'head',
  'java',
  'ls',
  'mkdir',
  'tail',
  'zcat',
]);
/** Options of every command. */
const GLOBAL = new Set(['--help', '--version', '--lake', '--json', '--no-wait', '--debug']);

const folder = mkdtempSync(join(tmpdir(), 'pulselake-docs-'));
const commands = new Map<string, CommandHelp>();
let scripts: Readonly<Record<string, string>>;
let targets: ReadonlyMap<string, ReadonlySet<string>>;

beforeAll(async () => {
  for (const name of Object.keys(PROGRAMS)) {
    for (const command of await commandsOf(name)) commands.set(command.words.join(' '), command);
  }
  ({ scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> });
  const graph = join(folder, 'graph.json');
  execFileSync('npx', ['nx', 'graph', `--file=${graph}`], {
    cwd: ROOT,
    stdio: 'pipe',
    env: { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false', NX_NO_CLOUD: 'true' },
  });
  const { nodes } = (
    JSON.parse(readFileSync(graph, 'utf8')) as {
      graph: { nodes: Record<string, { data: { targets: Record<string, unknown> } }> };
    }
  ).graph;
  targets = new Map(Object.entries(nodes).map(([name, { data }]) => [name, new Set(Object.keys(data.targets))]));
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true }));

/** What is wrong with a command, if anything. */
function faultOf([program = '', ...words]: readonly string[]): string | undefined {
  if (program in PROGRAMS) return faultOfProgram([program, ...words]);
  if (program === 'npx') return words[0] === 'nx' ? faultOfNx(words.slice(1)) : faultOf(words);
  if (program === 'npm') return faultOfNpm(words);
  if (program === 'node' || program === 'bash') {
    const ofWorkspace = /\/bin\/([\w-]+)\.js$/.exec(words[0] ?? '')?.[1];
    if (ofWorkspace !== undefined && ofWorkspace in PROGRAMS) return faultOfProgram([ofWorkspace, ...words.slice(1)]);
    return existsSync(join(ROOT, words[0] ?? '')) ? undefined : `there is no file ${words[0]}`;
  }
  return OTHERS.has(program) ? undefined : `${program} is no command that is known here`;
}

function faultOfProgram(words: readonly string[]): string | undefined {
  let depth = 1;
  while (commands.get(words.slice(0, depth).join(' '))?.commands.includes(words[depth] ?? '')) depth++;
  const command = commands.get(words.slice(0, depth).join(' '))!;
  const rest = words.slice(depth);
  if (command.commands.length > 0 && rest[0] !== undefined && !rest[0].startsWith('-'))
    return `${command.words.join(' ')} has no command ${rest[0]}`;
  const unknown = rest
    .filter((word) => word.startsWith('--') && word !== '--')
    .map((word) => word.split('=')[0]!)
    .find((option) => !GLOBAL.has(option) && !command.options.has(option));
  return unknown === undefined ? undefined : `${command.words.join(' ')} has no option ${unknown}`;
}

function faultOfNpm([command = '', ...words]: readonly string[]): string | undefined {
  const script = command === 'run' ? words[0]! : command;
  const workspace = words[words.indexOf('-w') + 1];
  if (words.includes('-w')) {
    const folder = workspace!.replace('@pulselake/', '');
    const { scripts: own } = JSON.parse(readFileSync(join(ROOT, 'libs', folder, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    return script in own ? undefined : `${workspace!} has no script ${script}`;
  }
  if (command === 'ci' || command === 'install' || command === 'init') return undefined;
  return script in scripts ? undefined : `package.json has no script ${script}`;
}

function faultOfNx(words: readonly string[]): string | undefined {
  const many = words[0] === 'affected' || words[0] === 'run-many';
  if (many) {
    const asked = words.slice(words.indexOf('-t') + 1);
    const names = asked.slice(
      0,
      Math.max(
        0,
        asked.findIndex((word) => word.startsWith('-')),
      ) || asked.length,
    );
    const missing = names.find((name) => ![...targets.values()].some((ofProject) => ofProject.has(name)));
    return missing === undefined ? undefined : `no project has a target ${missing}`;
  }
  if (['graph', 'show', 'sync'].includes(words[0]!)) return undefined;
  const [project, target] = words[0] === 'run' ? words[1]!.split(':') : [words[1], words[0]];
  const ofProject = targets.get(project!) ?? targets.get(`@pulselake/${project}`);
  if (ofProject === undefined) return `there is no project ${project}`;
  return ofProject.has(target!) ? undefined : `${project} has no target ${target}`;
}

describe('the commands of the documentation', () => {
  it('are many, and of every program', () => {
    expect(inShell.length).toBeGreaterThan(40);
    for (const name of Object.keys(PROGRAMS)) {
      expect(
        inShell.some(({ words }) => words.some((word) => word === name || word.endsWith(`/${name}.js`))),
        name,
      ).toBe(true);
    }
  });

  it('exist, with the options that are shown', () => {
    const faults = inShell.flatMap(({ place, words }: ShellCommand) => {
      const fault = faultOf(words);
      return fault === undefined ? [] : [`${place}: ${words.join(' ')}: ${fault}`];
    });
    expect(faults).toEqual([]);
  });

  it.each(
    [
      ['pulselake', 'ingest', 'metric', 'a.csv'],
      ['pulselake', 'sql', 'SELECT 1', '--formt', 'csv'],
      ['npx', 'pulselake', 'verify', '--fixes'],
      ['npx', 'nx', 'tset', 'pulselake'],
      ['npx', 'nx', 'run', 'docs:nothing'],
      ['npx', 'nx', 'affected', '-t', 'test', 'deplyo'],
      ['npm', 'run', 'nothing'],
      ['node', 'tools/nothing.mjs'],
      ['node', 'apps/grafana/bin/pulselake-grafana.js', 'push', '--urls'],
      ['rm', '-rf', '/'],
    ].map((words) => [words.join(' '), words] as const),
  )('would be found wrong: %s', (_, words) => {
    expect(faultOf(words)).toBeDefined();
  });
});

describe('the other blocks of the documentation', () => {
  it.each(
    blocks.filter(({ language }) => language === 'json').map((block) => [`${block.page}:${block.line}`, block.text]),
  )('are JSON where they say so: %s', (_, text) => {
    expect(() => JSON.parse(text) as unknown).not.toThrow();
  });

  it('are statements that run where they say SQL', async () => {
    const engine = await DuckDbQueryEngine.open(folder);
    try {
      for (const { page, line, text } of blocks.filter(({ language }) => language === 'sql')) {
        await expect(engine.query(text.replace(/;\s*$/, '')), `${page}:${line}`).resolves.toBeDefined();
      }
    } finally {
      await engine.close();
    }
  });

  it('say what they are', () => {
    expect(blocks.filter(({ language }) => language === '').map(({ page, line }) => `${page}:${line}`)).toEqual([]);
  });
});
