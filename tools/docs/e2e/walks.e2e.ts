import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyCheckout } from '../../copy-checkout.mjs';
import { walks } from '../src/walks.js';

const folder = mkdtempSync(join(tmpdir(), 'pulselake-walks-'));
const only = process.env['PULSELAKE_WALK'];

/** Runs a program in the copy, as somebody would who typed it there. @returns how it ended, with what it printed */
function run([file = '', ...args]: readonly string[]): { readonly status: number; readonly printed: string } {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(npm_(package|lifecycle|command|execpath)|NODE_|NX_|VITEST|FORCE_COLOR$)/.test(name),
    ),
  );
  try {
    const printed = execFileSync(file, args, {
      cwd: folder,
      env: { ...env, NX_DAEMON: 'false', NX_NO_CLOUD: 'true', NX_TUI: 'false' },
      encoding: 'utf8',
      stdio: 'pipe',
      maxBuffer: 1 << 28,
    });
    return { status: 0, printed };
  } catch (error) {
    const { status, stdout, stderr } = error as { status: number | null; stdout: string; stderr: string };
    return { status: status ?? 1, printed: `${stdout}${stderr}`.slice(-8_000) };
  }
}

beforeAll(() => {
  copyCheckout(folder);
  expect(run(['npm', 'ci', '--no-audit', '--no-fund', '--no-progress'])).toMatchObject({ status: 0 });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(walks().filter(({ patch }) => only === undefined || patch.includes(only)))('$patch', (walk) => {
  beforeAll(() => {
    expect(run(['git', 'apply', walk.patch])).toMatchObject({ status: 0 });
    return () => expect(run(['git', 'apply', '--reverse', walk.patch])).toMatchObject({ status: 0 });
  });

  it.each(walk.commands.map((words) => [words.join(' '), words] as const))('%s', (_, words) => {
    const { status, printed } = run(words);
    expect(status, printed).toBe(0);
  });
});
