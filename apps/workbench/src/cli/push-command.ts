import type { Command } from 'commander';
import { pushLake } from '../remote/push-lake.js';
import { addAwsOptions } from './aws-options.js';
import { bytes, count } from './format.js';
import { ProgressBar } from './progress.js';
import { withObjectStore } from './remote-store.js';
import type { Run } from './run-command.js';

/** `push`: a lake grows out of one machine. */
export function addPushCommand(program: Command, run: Run): void {
  const command = program
    .command('push')
    .description('copy the lake into a bucket, its ledger included; run again, it goes on where it was cut off')
    .requiredOption('--to <uri>', 'where to: s3://BUCKET/PREFIX, empty or an earlier copy of this lake');
  addAwsOptions(command).action(
    run(async (context, _args, options) => {
      const outcome = await withObjectStore(context, options['to'] as string, options, async (store) => {
        const lake = await context.openLake(false, { readsOnly: true });
        const progress = new ProgressBar(context.io);
        try {
          return await pushLake(lake, store, {
            signal: context.io.signal,
            onProgress: (done, total, key) => progress.show(key, done / total),
          });
        } finally {
          progress.done();
        }
      });
      const { uri, files, sent, sentBytes, removed } = outcome;
      context.result(outcome, [
        `${uri} holds this lake: ${count(files)} files, each with its digest.`,
        `${count(sent)} were sent now (${bytes(sentBytes)}), ${count(files - sent)} were there; ${count(removed)} taken out.`,
        `Prove the copy with pulselake ops verify --at ${uri}`,
      ]);
      return 0;
    }),
  );
}
