import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { runInProcess } from '@pulselake/job-control';
import { runTraffic } from './traffic-program.js';

await runInProcess({
  process,
  clock: () => Date.now(),
  random: () => Math.random(),
  home: fileURLToPath(new URL('..', import.meta.url)),
  run: runTraffic,
});
