import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';

const MAIN = fileURLToPath(new URL('../../../../apps/workbench/src/main.ts', import.meta.url));
const CACHE = fileURLToPath(new URL('../../node_modules/.cache', import.meta.url));

/** The command, built for one proof alone: nobody else builds it anew meanwhile. */
export async function buildCommand(
  plugins: Plugin[] = [],
): Promise<{ readonly program: string; readonly remove: () => void }> {
  mkdirSync(CACHE, { recursive: true });
  // Inside the workspace, where it finds the packages that are not bundled.
  const folder = mkdtempSync(join(CACHE, 'command-'));
  const program = join(folder, 'main.mjs');
  await build({
    entryPoints: [MAIN],
    outfile: program,
    bundle: true,
    conditions: ['@pulselake/source'],
    external: ['@duckdb/node-api', 'echarts'],
    platform: 'node',
    format: 'esm',
    target: 'node20',
    banner: {
      js: `import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);`,
    },
    logLevel: 'warning',
    plugins,
  });
  return { program, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
