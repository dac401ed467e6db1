import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { call, event, HEADER, row } from './support/records.js';
import { runCommand } from './support/run-command.js';
import { folderOfTest, lakeOfTest } from './support/small-lake.js';

// eslint-disable-next-line no-control-regex -- what a terminal would obey
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/;
/** Clears the screen, colours, sets the title, in both forms of escapes. */
const EVIL = '\u001b[2J\u001b[31m\u009b31m\u001b]0;x\u0007';

describe('colours', () => {
  test.each([
    ['are shown on a terminal', true, {}, true],
    ['are shown on a terminal with an empty NO_COLOR', true, { NO_COLOR: '' }, true],
    ['are not shown with NO_COLOR', true, { NO_COLOR: '1' }, false],
    ['are not shown on a dumb terminal', true, { TERM: 'dumb' }, false],
    ['are not shown elsewhere', false, {}, false],
  ])('%s', async (_name, isTerminal, env: Record<string, string>, coloured) => {
    const lake = await lakeOfTest();
    const path = join(await folderOfTest(), 'a.ndjson');
    await writeFile(path, event('10:00:00'));
    const ingest = await lake.run(['ingest', 'events', path], { isTerminal, env });
    const verify = await lake.run(['verify'], { isTerminal, env });
    expect(verify.exitCode).toBe(0);
    expect(ingest.stderr.includes('\u001b[32m')).toBe(coloured);
    expect(verify.stdout.includes('\u001b[32m')).toBe(coloured);
  });
});

describe('names that hold escapes for a terminal are printed harmlessly', () => {
  test('in tables, reports, ledgers and messages', async () => {
    const folder = await folderOfTest();
    const lake = await lakeOfTest();
    const paths = [`a${EVIL}.csv`, `b${EVIL}.ndjson`, `c${EVIL}.txt`].map((name) => join(folder, name));
    await writeFile(paths[0]!, `${HEADER}\n${row({ component: EVIL })}\n${EVIL}\n`);
    await writeFile(paths[1]!, `${event('10:00:00', 1, { componentName: EVIL })}\n`);
    await writeFile(paths[2]!, call({ source: EVIL, path: `/${EVIL}/x` }));
    const results = [
      await lake.run(['ingest', 'metrics', paths[0]!]),
      await lake.run(['ingest', 'metrics', paths[2]!]),
      await lake.run(['ingest', 'events', paths[1]!]),
      await lake.run(['ingest', 'logs', paths[2]!]),
      await lake.run(['ingest', 'logs', paths[2]!]),
      await lake.run(['sql', 'SELECT component_name, {x: component_name} AS nested FROM windowed_metrics']),
      await lake.run(['sql', `SELECT '${EVIL}' AS "${EVIL}"`]),
      await lake.run(['report']),
      await lake.run(['report', '--compare', '2024-01-01']),
      await lake.run(['runs']),
    ];
    expect(results.map(({ exitCode }) => exitCode)).toEqual([0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
    for (const { stdout, stderr } of results) {
      expect(stdout).not.toMatch(CONTROL);
      expect(stderr).not.toMatch(CONTROL);
    }
    expect(results[5]!.stdout).toContain('\\u001b[2J');
    const [key] = await lake.keys('windowed_metrics');
    await writeFile(join(lake.root, key!.replace('batch-', `batch-${EVIL}`)), 'not listed');
    const verify = await lake.run(['verify']);
    expect(verify.exitCode).toBe(1);
    expect(verify.stdout).not.toMatch(CONTROL);
    expect((await readdir(folder)).length).toBe(3);
  });

  test.each([
    ['an unknown command', [EVIL]],
    ['an unknown option', ['runs', `--${EVIL}`]],
    ['a value', ['report', '--date', EVIL]],
    ['a mode', ['ingest', 'events', '-', '--mode', EVIL]],
    ['a file', ['ingest', 'events', `${EVIL}.ndjson`]],
    ['a query', ['sql', `SELECT ${EVIL}`]],
    ['a folder', ['verify', '--expected', EVIL]],
    ['a lake', ['runs', '--lake', EVIL]],
    ['a task', ['generate', '--out', 'x', '--task', EVIL]],
  ])('in a message about %s', async (_name, args) => {
    const lake = await lakeOfTest();
    const path = join(await folderOfTest(), 'a.csv');
    await writeFile(path, `${HEADER}\n`);
    await lake.ingest(['metrics', path]);
    const { exitCode, stdout, stderr } = await (args.includes('--lake') ? runCommand(args) : lake.run(args));
    expect(exitCode).toBeGreaterThan(0);
    expect(stdout).toBe('');
    expect(stderr.length).toBeGreaterThan(5);
    expect(stderr).not.toMatch(CONTROL);
  });
});
