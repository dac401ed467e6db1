// Adds up what the test runners did: a line per project, and at the end `N passed, N failed`. Fails when a project ran no
// test, or skipped one whose name does not say what it needs: `… (needs: a user other than root)`.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import process from 'node:process';

const root = fileURLToPath(new URL('..', import.meta.url));
const projects = ['libs', 'apps', 'tools'].flatMap((folder) =>
  readdirSync(`${root}/${folder}`)
    .map((name) => `${folder}/${name}`)
    .filter((project) => existsSync(`${root}/${project}/vitest.config.ts`)),
);

let passed = 0;
let failed = 0;
const faults = [];
for (const project of projects) {
  const path = `${root}/${project}/.vitest/results.json`;
  if (!existsSync(path)) {
    faults.push(`${project}: no test result; its runner did not run.`);
    continue;
  }
  const result = JSON.parse(readFileSync(path, 'utf8'));
  const skipped = result.testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter(({ status }) => status !== 'passed' && status !== 'failed'),
  );
  passed += result.numPassedTests;
  failed += result.numFailedTests + result.numFailedTestSuites * (result.numFailedTests === 0 ? 1 : 0);
  process.stdout.write(
    `vitest ${project}: ${result.numPassedTests} passed, ${result.numFailedTests} failed, ${skipped.length} skipped\n`,
  );
  if (result.numPassedTests === 0) faults.push(`${project}: no test ran.`);
  for (const { fullName } of skipped) {
    if (!/\(needs: .+\)/.test(fullName)) faults.push(`${project}: skipped without a reason: ${fullName}`);
  }
}
for (const fault of faults) process.stdout.write(`${fault}\n`);
process.stdout.write(`${passed} passed, ${failed + faults.length} failed\n`);
process.exitCode = failed + faults.length > 0 ? 1 : 0;
