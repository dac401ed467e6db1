import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { finished, workspace } from '../../test/support/run-program.js';

export const PYTHON_PROJECT = join(workspace, 'apps/pipeline-e2e/trino');

/** The environment's own: what starts a program through another does not end it. */
export const PYTHON = join(PYTHON_PROJECT, '.venv', process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');

/** Makes the environment from its lock; nothing to do when it is there. @throws when Python is missing */
export function setUpPython(): void {
  const { status } = spawnSync(process.execPath, [join(workspace, 'tools/python.mjs'), 'setup', PYTHON_PROJECT], {
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('The Python environment was not made; what it lacks is said above.');
}

/** Runs a script of this folder. @throws when it fails */
export async function runPython(args: readonly string[], input: string): Promise<void> {
  const child = spawn(PYTHON, args, { cwd: PYTHON_PROJECT });
  child.stdin.end(input);
  const { exitCode, stderr } = await finished(child);
  if (exitCode !== 0) throw new Error(`${args.join(' ')} ended with ${exitCode ?? 1}: ${stderr}`);
}
