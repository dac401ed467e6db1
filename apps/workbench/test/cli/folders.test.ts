import { writeFileSync } from 'node:fs';
import { mkdir, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { expandInputs } from '../../src/pipelines/expand-inputs.js';
import { FILE_NAMES, GOOD, HEADER, KINDS, row } from './support/records.js';
import { folderOfTest, lakeOfTest } from './support/small-lake.js';

const FILES = 2000;

describe('a folder', () => {
  test('of 2,000 small files is taken whole', async () => {
    const folder = await folderOfTest();
    const files = Array.from({ length: FILES }, (_, index) => index);
    await Promise.all(
      files.map((index) => writeFile(join(folder, `${index}.csv`), `${HEADER}\n${row({ component: `c-${index}` })}\n`)),
    );
    const lake = await lakeOfTest();
    const { exitCode, document } = await lake.ingest(['metrics', folder]);
    expect(exitCode).toBe(0);
    expect(document.inputs.length).toBe(FILES);
    expect(document.counts).toMatchObject({ read: FILES, accepted: FILES });
    expect(await lake.number('SELECT count(DISTINCT component_name) FROM windowed_metrics_current')).toBe(FILES);
    const again = await lake.ingest(['metrics', folder]);
    expect([again.exitCode, again.document.runs]).toEqual([0, []]);
    expect((await lake.verify()).exitCode).toBe(0);
  }, 120_000);

  test('of 20,000 files is listed in no time', async () => {
    const folder = await folderOfTest();
    for (let index = 0; index < 20_000; index++) writeFileSync(join(folder, `${index}.csv`), '');
    const started = performance.now();
    expect((await expandInputs([folder, join(folder, '*.csv')])).length).toBe(20_000);
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  test('is walked to its depth, links followed, each file once, hidden ones left out', async () => {
    const folder = await folderOfTest();
    const elsewhere = await folderOfTest();
    await mkdir(join(folder, 'a/b'), { recursive: true });
    await mkdir(join(folder, '.hidden'));
    for (const path of ['a/b/1.csv', 'a/2.csv', '.3.csv', '.hidden/4.csv']) await writeFile(join(folder, path), path);
    await writeFile(join(elsewhere, '5.csv'), '5');
    // A circle, a second way to the same folder, a folder and a file elsewhere, and two ways to one file.
    await symlink(folder, join(folder, 'a/b/circle'));
    await symlink('a', join(folder, 'again'));
    await symlink(elsewhere, join(folder, 'more'));
    await symlink('a/2.csv', join(folder, '0-link.csv'));
    await symlink(join(elsewhere, '5.csv'), join(folder, 'z.csv'));
    const found = await expandInputs([folder, join(folder, 'a'), join(folder, '**/*.csv')]);
    expect(found.map(({ path }) => path.slice(folder.length + 1)).sort()).toEqual([
      'a/2.csv',
      'a/b/1.csv',
      'more/5.csv',
    ]);
  });

  test('gives its files the oldest first, then by name', async () => {
    const folder = await folderOfTest();
    for (const [name, seconds] of [
      ['b', 2000],
      ['a', 3000],
      ['d', 1000],
      ['c', 1000],
    ] as const) {
      await writeFile(join(folder, name), name);
      await utimes(join(folder, name), seconds, seconds);
    }
    const found = await expandInputs([folder]);
    expect(found.map(({ path, modifiedMs }) => [path.slice(-1), modifiedMs / 1000])).toEqual([
      ['c', 1000],
      ['d', 1000],
      ['b', 2000],
      ['a', 3000],
    ]);
  });

  test.each(KINDS)(
    'fails for links of %s that lead nowhere or in a circle, by their names, and takes the rest',
    async (kind) => {
      const folder = await folderOfTest();
      await writeFile(join(folder, FILE_NAMES[kind]), GOOD[kind]);
      await symlink('nowhere', join(folder, 'dangling'));
      await symlink('circle', join(folder, 'circle'));
      const lake = await lakeOfTest();
      const { exitCode, document } = await lake.ingest([kind, folder]);
      expect(exitCode).toBe(1);
      const messages = new Map(document.inputs.map(({ path, message }) => [path.slice(folder.length + 1), message]));
      expect(messages.get('dangling')).toContain('there is no such file');
      expect(messages.get('circle')).toContain('its links lead in a circle');
      expect(document.counts).toMatchObject({ read: 2, accepted: 2 });
      expect((await lake.verify()).exitCode).toBe(0);
    },
  );

  test('whose files have any name is taken: line ends, quotes, globs, escapes, dashes', async () => {
    const folder = await folderOfTest();
    const names = [
      '\n',
      'a\nb',
      'a\r',
      '"',
      `'`,
      '[x]',
      '{a,b}',
      '*',
      '?',
      'a\\b',
      '-',
      '--force',
      ' ',
      '\u001b[2J',
      'é😀',
      '%s',
      '$(x)',
    ];
    for (const [index, name] of names.entries()) {
      await writeFile(join(folder, `${name}.csv`), `${HEADER}\n${row({ component: `c-${index}` })}\n`);
    }
    const lake = await lakeOfTest();
    const { exitCode, document } = await lake.ingest(['metrics', folder]);
    expect(exitCode).toBe(0);
    const found = document.inputs.map(({ path }) => path.slice(folder.length + 1, -'.csv'.length));
    expect(found.sort()).toEqual([...names].sort());
    const single = await lake.ingest(['metrics', join(folder, '[x].csv'), join(folder, '*.csv'), '--force']);
    // The second one is a name too: it is no pattern then.
    expect([single.exitCode, single.document.inputs.length]).toEqual([0, 2]);
    expect((await lake.verify()).exitCode).toBe(0);
  });
});
