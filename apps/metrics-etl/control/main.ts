import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { runInProcess } from '@pulselake/job-control';
import { runEtl } from './etl-program.js';

await runInProcess({
  process,
  clock: () => Date.now(),
  random: () => Math.random(),
  home: fileURLToPath(new URL('..', import.meta.url)),
  run: runEtl,
});
