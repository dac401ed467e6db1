// Runs Maven in the current folder after a look at what it needs. Arguments are Maven's.
import { spawnSync } from 'node:child_process';
import process from 'node:process';

const NEEDED = 'Java 17 or later (a JDK) and Maven 3.8 or later, both on the PATH; without them, npm run test:ts.';

const version = spawnSync('mvn', ['--version'], { encoding: 'utf8', shell: process.platform === 'win32' });
if (version.error ?? version.status !== 0)
  refuse(`Maven does not run: ${version.error?.message ?? version.stderr.trim()}`);
const [, mavenMajor, mavenMinor] = /Apache Maven (\d+)\.(\d+)/.exec(version.stdout) ?? refuse('This is no Maven.');
if (Number(mavenMajor) * 100 + Number(mavenMinor) < 308) refuse(`Maven is ${mavenMajor}.${mavenMinor}.`);
const [, java] = /Java version: (\d+)/.exec(version.stdout) ?? refuse('Maven finds no Java.');
if (Number(java) < 17) refuse(`Maven runs on Java ${java}.`);

const run = spawnSync('mvn', ['--batch-mode', '--no-transfer-progress', '--quiet', ...process.argv.slice(2)], {
  stdio: 'inherit',
  shell: process.platform === 'win32',
});
process.exitCode = run.status ?? 1;

function refuse(found) {
  process.stderr.write(`${found}\nThis needs ${NEEDED}\n`);
  process.exit(1);
}
