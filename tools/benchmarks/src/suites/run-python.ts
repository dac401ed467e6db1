import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

// From the bundle in dist.
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Runs a benchmark of a Python project in its environment. @returns what it printed @throws when it fails */
export async function runPython(project: string, args: readonly string[]): Promise<string> {
  const tool = `${ROOT}/tools/python.mjs`;
  const { stdout } = await promisify(execFile)(process.execPath, [tool, 'run', `${ROOT}/apps/${project}`, ...args], {
    cwd: ROOT,
    maxBuffer: 16 * 1024 * 1024,
  });
  return stdout;
}
