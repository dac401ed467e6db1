import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from '@pulselake/generators';
import { Lake, verifyLake } from '@pulselake/lake';
import { NOW_MS, runCommand } from '../faults/run-command.js';
import { withFlippedBit } from './flip-bit.js';
import { filesBelow } from './make-lake.js';

/** How a flipped bit is looked for: in this process, or by the command. */
export type Finder = (root: string) => Promise<string>;

/** What `verify` says, or what opening the lake says. */
export const inProcess: Finder = async (root) => {
  try {
    const lake = await Lake.open(root, { command: 'proof', clock: () => NOW_MS });
    const { problems } = await verifyLake(lake);
    return problems.map(({ subject, message }) => `${subject}: ${message}`).join('\n');
  } catch (error) {
    return error instanceof Error && error.name === 'LakeError' ? error.message : `it throws ${String(error)}`;
  }
};

/** What the command `verify` prints, provided that it fails as documented. */
export const byCommand: Finder = async (root) => {
  const { exitCode, stdout, stderr } = await runCommand(['--lake', root, 'verify']);
  if (exitCode !== 1) return `it exits with ${exitCode}`;
  return /^\s+at .+:\d+/m.test(stderr) ? `it prints a stack: ${stderr}` : `${stdout}${stderr}`;
};

/** The files of a lake by kind: the table that they belong to, or their own name. */
export function filesByKind(root: string): Map<string, string[]> {
  const kinds = new Map<string, string[]>();
  for (const key of filesBelow(root)) {
    if (statSync(join(root, key)).size === 0) continue;
    const kind = key.includes('/') ? key.slice(0, key.indexOf('/')) : key;
    kinds.set(kind, [...(kinds.get(kind) ?? []), key]);
  }
  return kinds;
}

/** Flips a bit of a file and looks for it. @returns what went wrong, `undefined` when the file was named */
export function flipOnce(root: string, key: string, random: Random, find: Finder): Promise<string | undefined> {
  return withFlippedBit(join(root, key), random, async (where) => {
    const found = await find(root);
    return found.includes(key) ? undefined : `${key}, ${where}: ${found === '' ? 'nothing is found' : found}`;
  });
}
