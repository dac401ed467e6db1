import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { getuid } from 'node:process';
import { describe, expect, test } from 'vitest';
import { FILE_NAMES, GOOD, KINDS } from './support/records.js';
import { type ProgramResult, runProgram } from './support/run-program.js';
import { folderOfTest, SmallLake } from './support/small-lake.js';

/** Nobody on Linux: root may read and write whatever the permissions say. */
const NOBODY = 65_534;

/** Runs a command as a user whom permissions hold back. */
function run(args: readonly string[]): Promise<ProgramResult> {
  return runProgram(args, getuid?.() === 0 ? { userId: NOBODY } : {});
}

/** A folder that everybody may enter, and a lake's place in it where everybody may write. */
async function openFolder(): Promise<{ folder: string; lake: SmallLake }> {
  const folder = await folderOfTest();
  await mkdir(join(folder, 'place'));
  await chmod(folder, 0o755);
  await chmod(join(folder, 'place'), 0o777);
  return { folder, lake: new SmallLake(join(folder, 'place/lake')) };
}

const noTrace = ({ stdout, stderr }: ProgramResult) => expect(stdout + stderr).not.toMatch(/^\s+at |bug in pulselake/m);

describe.each(KINDS)('ingest %s', (kind) => {
  test('fails on a file that may not be read, and takes the one beside it', async () => {
    const { folder, lake } = await openFolder();
    const [secret, good] = [join(folder, `secret-${FILE_NAMES[kind]}`), join(folder, FILE_NAMES[kind])];
    await writeFile(secret, GOOD[kind], { mode: 0 });
    await writeFile(good, GOOD[kind], { mode: 0o644 });
    const result = await run(['--lake', lake.root, 'ingest', kind, secret, good, '--json']);
    expect(result.exitCode).toBe(1);
    noTrace(result);
    const { inputs, counts } = JSON.parse(result.stdout) as {
      inputs: { path: string; status: string; message?: string }[];
      counts: unknown;
    };
    const failed = inputs.find(({ status }) => status === 'failed')!;
    expect(failed).toMatchObject({ path: secret, message: `${secret}: reading it is not permitted.` });
    expect(counts).toMatchObject({ read: 2, accepted: 2 });
    expect((await run(['--lake', lake.root, 'verify'])).exitCode).toBe(0);
  });

  test('fails on a folder that may not be read, deep below the one that is named', async () => {
    const { folder, lake } = await openFolder();
    await mkdir(join(folder, 'in/deep'), { recursive: true });
    await writeFile(join(folder, 'in', FILE_NAMES[kind]), GOOD[kind]);
    await chmod(join(folder, 'in/deep'), 0);
    const result = await run(['--lake', lake.root, 'ingest', kind, join(folder, 'in')]);
    await chmod(join(folder, 'in/deep'), 0o755);
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toContain(`${join(folder, 'in/deep')}: reading this folder is not permitted.`);
  });

  test('fails on a lake that may not be written, and leaves it as it was', async () => {
    const { folder, lake } = await openFolder();
    const path = join(folder, FILE_NAMES[kind]);
    await writeFile(path, GOOD[kind], { mode: 0o644 });
    expect((await lake.ingest([kind, path])).exitCode).toBe(0);
    const before = await lake.keys('.');
    // Not a root's lake: one whose owner made it read-only.
    const folders = (await readdir(lake.root, { recursive: true, withFileTypes: true })).filter((entry) =>
      entry.isDirectory(),
    );
    for (const entry of folders) await chmod(join(entry.parentPath, entry.name), 0o555);
    await chmod(lake.root, 0o555);
    try {
      for (const args of [['verify'], ['runs'], ['sql', 'SELECT 1 AS one']]) {
        const result = await run(['--lake', lake.root, ...args]);
        expect(result.exitCode).toBe(0);
        expect(result.stderr).toContain('The lake cannot be written here: it is read as it is');
      }
      for (const args of [['ingest', kind, path, '--force'], ['verify', '--fix'], ['compact']]) {
        const result = await run(['--lake', lake.root, ...args]);
        expect(result.exitCode).toBe(1);
        expect(result.stderr).toContain(
          'The lake cannot be written; check its permissions, or name another with --lake DIR.',
        );
        noTrace(result);
      }
    } finally {
      await chmod(lake.root, 0o755);
      for (const entry of folders) await chmod(join(entry.parentPath, entry.name), 0o755);
    }
    expect(await lake.keys('.')).toEqual(before);
    expect((await lake.verify()).exitCode).toBe(0);
  });

  test('fails where no lake can be made', async () => {
    const { folder } = await openFolder();
    await chmod(folder, 0o555);
    const path = join(folder, 'place', FILE_NAMES[kind]);
    await writeFile(path, GOOD[kind], { mode: 0o644 });
    const result = await run(['--lake', join(folder, 'lake'), 'ingest', kind, path]);
    await chmod(folder, 0o755);
    expect([result.exitCode, result.stdout]).toEqual([1, '']);
    expect(result.stderr).toContain('The lake cannot be written');
    noTrace(result);
  });
});
