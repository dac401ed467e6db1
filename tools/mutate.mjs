// Changes the sources of a library in small ways, and sees whether its tests notice.
//
//   node tools/mutate.mjs NAME [STRYKER OPTIONS…]      for example: node tools/mutate.mjs processing --mutate 'src/line-reader.ts'
//
// In a copy, since the sources are changed where they lie. Ends with 1 when fewer than 85 % of the changes are noticed.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { copyCheckout } from './copy-checkout.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const LEAST = 85;

const [name, ...options] = process.argv.slice(2);
if (!name || !existsSync(join(ROOT, 'libs', name, 'src'))) {
  process.stderr.write('Name a library: node tools/mutate.mjs processing\n');
  process.exit(2);
}
/** For how long a property is tried with each change; those of the lake wait for DuckDB. */
const propertyMs = name === 'lake' ? 5_000 : 100;
const copy = mkdtempSync(join(tmpdir(), 'pulselake-mutants-'));
process.once('exit', () => rmSync(copy, { recursive: true, force: true }));
copyCheckout(copy);
symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
const library = join(copy, 'libs', name);
// Each change costs a run of the tests that reach it: files of tests share their modules, properties are tried for a
// shorter time, and not made smaller when they fail, and tests of masses are left out. So the score is a lower bound.
writeFileSync(
  join(library, 'vitest.mutants.setup.ts'),
  `import fc from 'fast-check';
fc.configureGlobal({ endOnFailure: true, interruptAfterTimeLimit: ${propertyMs} });
`,
);
writeFileSync(
  join(library, 'vitest.mutants.config.ts'),
  `import { mergeConfig } from 'vitest/config';
import base from './vitest.config.js';
export default mergeConfig(base, { test: { isolate: false, setupFiles: ['./vitest.mutants.setup.ts'] } });
`,
);
writeFileSync(
  join(library, 'stryker.json'),
  JSON.stringify({
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner'],
    vitest: { configFile: 'vitest.mutants.config.ts' },
    inPlace: true,
    mutate: ['src/**/*.ts'],
    // Changed before any test runs: each would cost a run of all tests.
    ignoreStatic: true,
    concurrency: availableParallelism(),
    timeoutMS: 3_000,
    timeoutFactor: 1.25,
    // Their memory grows with each run.
    maxTestRunnerReuse: 150,
    reporters: ['clear-text', 'progress-append-only', 'json'],
    jsonReporter: { fileName: join(ROOT, 'libs', name, '.vitest', 'mutants.json') },
    clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
    thresholds: { high: 95, low: LEAST, break: LEAST },
  }),
);
const { status } = spawnSync(
  process.execPath,
  [join(ROOT, 'node_modules/@stryker-mutator/core/bin/stryker.js'), 'run', 'stryker.json', ...options],
  { cwd: library, stdio: 'inherit', env: { ...process.env, PULSELAKE_MUTANTS: '1' } },
);
process.exitCode = status ?? 1;
