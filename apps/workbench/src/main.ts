import process, { argv, env, exit, stderr, stdin, stdout } from 'node:process';
import { runPulselake } from './cli/create-program.js';

const stop = new AbortController();
let signals = 0;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // The second one means it.
    if (++signals > 1) exit(130);
    stop.abort();
  });
}
// A reader that has seen enough (`| head`) is no error.
stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') exit(0);
  throw error;
});

const exitCode = await runPulselake(argv.slice(2), {
  stdout,
  stderr,
  stdin,
  env,
  clock: () => Date.now(),
  signal: stop.signal,
});
// Standard output may be a pipe that is still being written.
stdout.write('', () => exit(exitCode));
