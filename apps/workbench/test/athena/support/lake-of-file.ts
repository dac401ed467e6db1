import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Lake } from '@pulselake/lake';
import { afterAll, beforeAll } from 'vitest';
import { makeFolder } from '../../cli/support/small-lake.js';

/** An empty lake that lives as long as the tests of a file. */
export function lakeOfFile(): { readonly root: () => string } {
  let folder: string;
  beforeAll(async () => {
    folder = await makeFolder();
    await emptyLakeIn(join(folder, 'lake'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  return { root: () => join(folder, 'lake') };
}

export async function emptyLakeIn(root: string): Promise<void> {
  await Lake.open(root, { command: 'test', clock: () => 0, create: true });
}
