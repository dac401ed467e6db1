// Adds up what the test runners did: a line per project, and at the end `N passed, N failed`. Fails when a project ran no
// test, or skipped one whose name does not say what it needs: `… (needs: a user other than root)`.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import process from 'node:process';

const root = fileURLToPath(new URL('..', import.meta.url));
const projects = ['libs', 'apps', 'tools'].flatMap((folder) =>
  readdirSync(`${root}/${folder}`)
    .map((name) => `${folder}/${name}`)
    .filter((project) => ['', '.e2e'].some((kind) => existsSync(`${root}/${project}/vitest${kind}.config.ts`))),
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
for (const project of readdirSync(`${root}/apps`).map((name) => `apps/${name}`)) {
  if (!existsSync(`${root}/${project}/pom.xml`)) continue;
  const total = { tests: 0, failures: 0, errors: 0, skipped: 0 };
  for (const report of javaReports(`${root}/${project}/target`)) {
    const suite = /<testsuite [^>]*>/.exec(readFileSync(report, 'utf8'))?.[0] ?? '';
    for (const name of Object.keys(total)) total[name] += Number(new RegExp(` ${name}="(\\d+)"`).exec(suite)?.[1] ?? 0);
  }
  const broken = total.failures + total.errors;
  passed += total.tests - broken - total.skipped;
  failed += broken;
  process.stdout.write(
    `junit ${project}: ${total.tests - broken - total.skipped} passed, ${broken} failed, ${total.skipped} skipped\n`,
  );
  if (total.tests === 0) faults.push(`${project}: no Java test ran.`);
  if (total.skipped > 0) faults.push(`${project}: ${total.skipped} Java tests were skipped.`);
}
for (const fault of faults) process.stdout.write(`${fault}\n`);
process.stdout.write(`${passed} passed, ${failed + faults.length} failed\n`);
process.exitCode = failed + faults.length > 0 ? 1 : 0;

/** What the runners of unit tests and of tests of the package wrote. */
function javaReports(target) {
  return ['surefire-reports', 'failsafe-reports'].flatMap((folder) =>
    existsSync(`${target}/${folder}`)
      ? readdirSync(`${target}/${folder}`)
          .filter((name) => name.startsWith('TEST-') && name.endsWith('.xml'))
          .map((name) => `${target}/${folder}/${name}`)
      : [],
  );
}
