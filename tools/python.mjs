// Makes the Python environment of a project from its lock, and runs programs in it.
//
//   node tools/python.mjs setup FOLDER        makes FOLDER/.venv; nothing to do when lock and Python are what they were
//   node tools/python.mjs run FOLDER ARGS…    runs that environment's Python in FOLDER
//
// `requirements-dev.lock` holds everything with its hash. A `requirements-build.lock`, where there is one, is installed
// before it: what packages need that are built here from their sources.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';

const OLDEST = 9;
const NEWEST = 12;
const NEEDED = `Python 3.${OLDEST} to 3.${NEWEST} on the PATH, or named by PULSELAKE_PYTHON; without it, npm run test:ts.`;
const LOCKS = ['requirements-build.lock', 'requirements-dev.lock'];
const PIP = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input', '--require-hashes'];

const [action, folder, ...rest] = process.argv.slice(2);
const project = resolve(folder ?? '.');
const python = join(project, '.venv', process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
if (action === 'setup') setUp();
else if (action === 'run') run(rest);
else refuse(`${action ?? 'Nothing'} was asked for; this knows setup and run.`, '');

function setUp() {
  const found = findPython();
  const stamp = join(project, '.venv', 'made-from');
  const made = createHash('sha256').update(found.version);
  const locks = LOCKS.filter((lock) => existsSync(join(project, lock)));
  for (const lock of locks) made.update(readFileSync(join(project, lock)));
  const digest = made.digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return;
  must(found.command, ['-m', 'venv', '--clear', '.venv']);
  const isolation = locks.length > 1 ? ['--no-build-isolation'] : [];
  for (const lock of locks) must(python, [...PIP, ...(lock === 'requirements-dev.lock' ? isolation : []), '-r', lock]);
  writeFileSync(stamp, digest);
}

function run(args) {
  if (!existsSync(python)) refuse(`${project} has no .venv.`, 'its target setup-python to be run before.');
  const { status, error } = spawnSync(python, args, { cwd: project, stdio: 'inherit' });
  if (error !== undefined) refuse(`Python does not run: ${error.message}`, NEEDED);
  process.exitCode = status ?? 1;
}

function must(command, args) {
  const { status, error } = spawnSync(command, args, { cwd: project, stdio: 'inherit' });
  if (status === 0) return;
  process.stderr.write(`${command} ${args.join(' ')} failed${error === undefined ? '' : `: ${error.message}`}.\n`);
  process.exit(1);
}

/** The first Python that fits: what PULSELAKE_PYTHON names, or 3.11, which the services have, before others. */
function findPython() {
  const named = process.env.PULSELAKE_PYTHON;
  const unfit = [];
  for (const command of named
    ? [named]
    : ['python3.11', 'python3', 'python3.12', 'python3.10', 'python3.9', 'python']) {
    const asked = spawnSync(command, ['-c', 'import sys, ensurepip; print(sys.version.split()[0], sys.executable)']);
    if (asked.status !== 0) continue;
    const [version, executable] = asked.stdout.toString().trim().split(' ');
    const [, minor] = version.split('.').map(Number);
    if (version.startsWith('3.') && minor >= OLDEST && minor <= NEWEST) return { command: executable, version };
    unfit.push(`${command} is ${version}`);
  }
  return refuse(unfit.length === 0 ? 'Python does not run.' : `${unfit.join(', ')}.`, NEEDED);
}

function refuse(found, needed) {
  process.stderr.write(`${found}\n${needed === '' ? '' : `This needs ${needed}\n`}`);
  process.exit(1);
}
