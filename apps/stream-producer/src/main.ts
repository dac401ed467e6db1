import process, { argv, env, exit, stderr, stdin, stdout } from 'node:process';
import { runProducer } from './produce-program.js';

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

// The SDK's release is pinned, and what it will want some day is no news to who sends events.
env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

const exitCode = await runProducer(argv.slice(2), {
  stdin,
  stdout,
  stderr,
  env,
  clock: () => Date.now(),
  random: () => Math.random(),
  signal: stop.signal,
});
// Standard output may be a pipe that is still being written.
stdout.write('', () => exit(exitCode));
