import { spawn } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { runInProcess } from '@pulselake/job-control';
import { runFlink } from './flink-program.js';

await runInProcess({
  process,
  clock: () => Date.now(),
  random: () => Math.random(),
  home: fileURLToPath(new URL('..', import.meta.url)),
  run: (args, io) => {
    // There is nothing to cancel: what was begun goes on.
    io.leave.addEventListener('abort', () => process.exit(130));
    return runFlink(args, { ...io, buildJar });
  },
});

function buildJar(home: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const maven = fileURLToPath(new URL('../../../tools/maven.mjs', import.meta.url));
    // Standard output is the command's own.
    const child = spawn(process.execPath, [maven, 'package', '-DskipTests'], { cwd: home, stdio: ['ignore', 2, 2] });
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}
