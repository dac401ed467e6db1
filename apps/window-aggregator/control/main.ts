import { spawn } from 'node:child_process';
import process, { argv, env, execPath, exit, stderr, stdout } from 'node:process';
import { setTimeout as sleepFor } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { runFlink } from './flink-program.js';

const stop = new AbortController();
let signals = 0;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // The second one means it.
    if (++signals > 1) exit(130);
    stop.abort();
  });
}
stdout.on('error', () => exit(1));
// Nobody is left to tell.
stderr.on('error', () => undefined);

// The SDK's release is pinned, and what it will want some day is no news to who starts a job.
env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

const exitCode = await runFlink(argv.slice(2), {
  stdout,
  stderr,
  clock: () => Date.now(),
  random: () => Math.random(),
  sleep: (ms, signal) => sleepFor(ms, undefined, signal ? { signal } : {}),
  signal: stop.signal,
  home: fileURLToPath(new URL('..', import.meta.url)),
  buildJar: (home) =>
    new Promise((resolve, reject) => {
      const maven = fileURLToPath(new URL('../../../tools/maven.mjs', import.meta.url));
      // Standard output is the command's own.
      const child = spawn(execPath, [maven, 'package', '-DskipTests'], { cwd: home, stdio: ['ignore', 2, 2] });
      child.on('error', reject);
      child.on('close', (code) => resolve(code ?? 1));
    }),
});
// Standard output may be a pipe that is still being written.
stdout.write('', () => exit(exitCode));
