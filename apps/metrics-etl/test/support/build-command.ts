import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { onTestFinished } from 'vitest';

const MAIN = fileURLToPath(new URL('../../control/main.ts', import.meta.url));
const CACHE = fileURLToPath(new URL('../../node_modules/.cache', import.meta.url));

/** The command, built for one test: the path of its program. */
export async function buildCommand(): Promise<string> {
  mkdirSync(CACHE, { recursive: true });
  // Inside the workspace, where it finds the packages that are not bundled.
  const folder = mkdtempSync(join(CACHE, 'command-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const program = join(folder, 'main.mjs');
  await build({
    entryPoints: [MAIN],
    outfile: program,
    bundle: true,
    conditions: ['@pulselake/source'],
    external: ['@aws-sdk/*', '@smithy/*'],
    platform: 'node',
    format: 'esm',
    target: 'node20',
    banner: {
      js: `import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);`,
    },
    logLevel: 'warning',
  });
  return program;
}
