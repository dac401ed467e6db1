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
stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A reader that has seen enough (`| head`) is no error.
  if (error.code === 'EPIPE') exit(0);
  stderr.write(`The result cannot be written to standard output: ${error.message}.\n`);
  exit(1);
});
// Nobody is left to tell.
stderr.on('error', () => undefined);

const exitCode = await runPulselake(argv.slice(2), {
  stdout,
  stderr,
  stdin,
  env,
  clock: () => Date.now(),
  signal: stop.signal,
});
// Standard output may be a pipe that is still being written; what goes wrong there ends above.
stdout.write('', (error) => {
  if (!error) exit(exitCode);
});
