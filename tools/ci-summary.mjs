// Adds up what the test runners did: a line per project, and at the end `N passed, N failed`. Fails when a project ran no
// test, or skipped one whose name does not say what it needs: `… (needs: a user other than root)`.
// With the argument `failed`, for a run which ended so, at least one failure is told.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import process from 'node:process';

const root = fileURLToPath(new URL('..', import.meta.url));
const projects = ['', '.e2e'].flatMap((kind) => projectsWith(`vitest${kind}.config.ts`));

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
for (const project of projectsWith('pom.xml')) {
  count(
    'junit',
    project,
    ['surefire-reports', 'failsafe-reports'].flatMap((kind) => reportsIn(`${project}/target/${kind}`)),
  );
}
for (const project of projectsWith('requirements-dev.lock')) count('pytest', project, reportsIn(`${project}/.pytest`));
if (process.argv[2] === 'failed' && failed + faults.length === 0)
  faults.push('npm test failed outside of its tests: an unhandled error, or a build that failed.');
for (const fault of faults) process.stdout.write(`${fault}\n`);
process.stdout.write(`${passed} passed, ${failed + faults.length} failed\n`);
process.exitCode = failed + faults.length > 0 ? 1 : 0;

function projectsWith(file) {
  return ['libs', 'apps', 'tools'].flatMap((folder) =>
    readdirSync(`${root}/${folder}`)
      .map((name) => `${folder}/${name}`)
      .filter((project) => existsSync(`${root}/${project}/${file}`)),
  );
}

/** Reports in JUnit's format. */
function reportsIn(folder) {
  if (!existsSync(`${root}/${folder}`)) return [];
  return readdirSync(`${root}/${folder}`)
    .filter((name) => name.endsWith('.xml'))
    .map((name) => readFileSync(`${root}/${folder}/${name}`, 'utf8'));
}

function count(runner, project, reports) {
  const total = { tests: 0, failures: 0, errors: 0, skipped: 0 };
  for (const report of reports) {
    const suite = /<testsuite [^>]*>/.exec(report)?.[0] ?? '';
    for (const name of Object.keys(total)) total[name] += Number(new RegExp(` ${name}="(\\d+)"`).exec(suite)?.[1] ?? 0);
  }
  const broken = total.failures + total.errors;
  const good = total.tests - broken - total.skipped;
  passed += good;
  failed += broken;
  process.stdout.write(`${runner} ${project}: ${good} passed, ${broken} failed, ${total.skipped} skipped\n`);
  if (total.tests === 0) faults.push(`${project}: no test of ${runner} ran.`);
  if (total.skipped > 0) faults.push(`${project}: ${total.skipped} tests of ${runner} were skipped.`);
}
