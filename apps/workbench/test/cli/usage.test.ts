import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { existsSync } from 'node:fs';
import { runCommand } from './support/run-command.js';
import { folderOfTest } from './support/small-lake.js';

const COMMANDS = [
  'start',
  'serve',
  'generate',
  'ingest',
  'ingest metrics',
  'ingest events',
  'ingest logs',
  'deliver',
  'sql',
  'report',
  'runs',
  'verify',
  'redrive',
  'compact',
  'prune',
  'forget',
  'doctor',
  'cost',
  'push',
  'ops',
  'ops verify',
  'ops runs',
  'ops redrive',
];

const namesIn = (help: string) =>
  [...help.slice(help.indexOf('Commands:')).matchAll(/^ {2}([a-z-]+)/gm)].map(([, name]) => name!);

describe('--help', () => {
  test('lists every command, and these tests know each', async () => {
    const { exitCode, stdout } = await runCommand(['--help']);
    expect(exitCode).toBe(0);
    const ingest = await runCommand(['ingest', '--help']);
    const ops = await runCommand(['ops', '--help']);
    const names = [
      ...namesIn(stdout),
      ...namesIn(ingest.stdout).map((name) => `ingest ${name}`),
      ...namesIn(ops.stdout).map((name) => `ops ${name}`),
    ];
    const known = [...COMMANDS, 'help', 'ingest help', 'ops help'];
    expect(names.filter((name) => !known.includes(name))).toEqual([]);
    expect(COMMANDS.filter((name) => !names.includes(name))).toEqual([]);
  });

  test.each(COMMANDS)('explains %s', async (command) => {
    const { exitCode, stdout, stderr } = await runCommand([...command.split(' '), '--help']);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`Usage: pulselake ${command} [options]`);
    for (const option of ['--json', '--lake <dir>', '--no-wait', '--help']) expect(stdout).toContain(option);
  });

  test('--version prints a version', async () => {
    expect((await runCommand(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('a wrong usage', () => {
  test.each([
    [[], 'Usage: pulselake'],
    [['frobnicate'], `unknown command 'frobnicate'`],
    [['ingest'], 'Usage: pulselake ingest'],
    [['ingest', 'dreams', 'a'], `unknown command 'dreams'`],
    [['ingest', 'metrics'], `missing required argument 'files'`],
    [['ingest', 'metrics', 'a.csv', '--wide'], `unknown option '--wide'`],
    [['ingest', 'metrics', 'a.csv', '--now', 'yesterday'], 'It must be an instant like'],
    [['ingest', 'metrics', 'a.csv', '--now', '2024-02-30T00:00:00Z'], 'It must be an instant like'],
    [['ingest', 'events', '-', '--mode', 'fast'], '--mode is fast; it must be bounded or streaming.'],
    [['ingest', 'events', '-', 'a.ndjson'], 'cannot be mixed with files'],
    [['ingest', 'events', '-', '--window-size-seconds', '0'], 'It must be a whole number from 1 to 86400.'],
    [['ingest', 'events', '-', '--allowed-lateness-seconds', '1.5'], 'It must be a whole number from 0'],
    [['ingest', 'logs', 'a.txt', '--date', '31.05.2024'], 'It must be a day like 2024-02-29.'],
    [['sql'], `missing required argument 'query'`],
    [['sql', 'SELECT 1', '--format', 'xml'], 'Allowed choices are table, csv, json.'],
    [['sql', 'SELECT 1', '--max-rows', 'many'], 'It must be a whole number from 1'],
    [['sql', 'SELECT 1', '--max-rows', '0'], 'It must be a whole number from 1'],
    [['sql', 'SELECT 1', 'SELECT 2'], 'too many arguments'],
    [['runs', '--limit', 'all'], 'It must be a whole number from 1'],
    [['runs', '--limit', '-1'], 'It must be a whole number from 1'],
    [['report', '--date', '2024-02-30'], 'It must be a day like 2024-02-29.'],
    [['report', '--compare', 'x'], 'It must be a day like 2024-02-29.'],
    [['verify', 'now'], 'too many arguments'],
    [['ops'], 'Usage: pulselake ops'],
    [['ops', 'verify'], 'Name either --env NAME or --at s3://BUCKET/PREFIX.'],
    [['ops', 'verify', '--env', 'dev', '--at', 's3://bucket'], 'Name either --env NAME or --at s3://BUCKET/PREFIX.'],
    [['ops', 'runs', '--at', 'bucket'], 'bucket is no place in S3; it must be like s3://BUCKET/PREFIX.'],
    [['ops', 'redrive', '--env', 'dev', '--reason', 'bad-luck'], 'Allowed choices are'],
    [['push'], `required option '--to <uri>' not specified`],
    [['push', '--to', 'bucket/lake'], 'bucket/lake is no place in S3; it must be like s3://BUCKET/PREFIX.'],
    [['cost'], `required option '--events-per-second <n>' not specified`],
    [['cost', '--events-per-second', '-1'], 'It must be a number like 1000, 0 or more.'],
    [['generate', '--preset', 'faulty'], `required option '--out <dir>' not specified`],
    [['generate', '--out', 'x'], 'Name either --preset NAME or --task FILE.'],
    [['generate', '--out', 'x', '--preset', 'faulty', '--task', 'y'], 'Name either --preset NAME or --task FILE.'],
    [['generate', '--out', 'x', '--preset', 'perfect'], 'Allowed choices are demo, faulty, large.'],
    [['generate', '--out', 'x', '--preset', 'faulty', '--seed', '-1'], 'It must be a whole number from 0'],
    [['generate', '--out', 'x', '--preset', 'faulty', '--scale', '0'], 'It must be a number from 0.01 to 100.'],
    [['serve', '--port', '65536'], 'It must be a port from 0 to 65535'],
    [['start', '--port', 'http'], 'It must be a port from 0 to 65535'],
    [['runs', '--lake'], 'argument missing'],
  ])('fails with 2 and says what is right: %j', async (args, message) => {
    const lake = join(await folderOfTest(), 'lake');
    const { exitCode, stdout, stderr } = await runCommand(['--lake', lake, ...args], { stdin: ['{}'] });
    expect(stderr).toContain(message);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(existsSync(lake)).toBe(false);
  });
});

describe('options of every command', () => {
  test('may stand before and behind its name; the last one counts', async () => {
    const folder = await folderOfTest();
    const one = await runCommand(['--lake', join(folder, 'a'), 'runs']);
    expect(one.stderr).toContain(join(folder, 'a'));
    const other = await runCommand(['--lake', join(folder, 'a'), 'runs', '--lake', join(folder, 'b')]);
    expect(other.stderr).toContain(join(folder, 'b'));
    const between = await runCommand(['ingest', '--lake', join(folder, 'c'), 'events', '-']);
    expect([between.exitCode, existsSync(join(folder, 'c'))]).toEqual([0, true]);
  });

  test.each([
    ['before', ['--debug', 'verify']],
    ['behind', ['verify', '--debug']],
  ])('--debug %s its name shows where an error came from', async (_where, args) => {
    const lake = join(await folderOfTest(), 'lake');
    const { exitCode, stderr } = await runCommand([...args, '--lake', lake], { showsTraces: true });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/is not a lake[\s\S]*\n {4}at /);
  });
});
