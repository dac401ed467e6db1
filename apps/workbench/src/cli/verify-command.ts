import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { compareExpected, type Problem, sweepRemoved, verifyLake } from '@pulselake/lake';
import type { Command } from 'commander';
import { bytes, count, printable } from './format.js';
import { openEngine } from './open-engine.js';
import { ProgressBar } from './progress.js';
import type { Run } from './run-command.js';

/** `verify`: the proof. */
export function addVerifyCommand(program: Command, run: Run): void {
  program
    .command('verify')
    .description('prove the lake: every record accounted for, every file as it was written; exits 1 otherwise')
    .option('--fix', 'remove first what is safe to remove: files that runs have replaced and that are back')
    .option('--expected <dir>', "compare with a generator's expected/, both ways")
    .action(
      run(async (context, _args, options) => {
        const lake = await context.openLake(false, { readsOnly: options['fix'] !== true });
        const swept = options['fix'] === true ? await sweepRemoved(lake) : [];
        for (const key of swept) context.say(`Removed ${printable(key)}`);
        const progress = new ProgressBar(context.io);
        const verification = await verifyLake(lake, { onProgress: (read) => progress.show(`${bytes(read)} checked`) });
        progress.done();
        const directory = options['expected'] as string | undefined;
        const expected = directory === undefined ? undefined : await compare();
        const problems = [...verification.problems, ...(expected?.problems ?? [])];
        const ok = problems.length === 0;
        context.result(
          { ok, ...verification, ...(options['fix'] === true && { swept }), ...(expected && { expected }) },
          [
            ...problems.map((problem) => context.paint('red', problemLine(problem))),
            ...(expected && expected.differences > expected.problems.length
              ? [`… and ${count(expected.differences - expected.problems.length)} more differences.`]
              : []),
            `${count(verification.runs)} runs, ${count(verification.recordsRead)} records read, ${count(verification.files)} files, ${bytes(verification.bytes)}.`,
            ...(expected
              ? [
                  `Compared ${count(expected.windows)} windows, ${count(expected.reportRows)} report rows, ${count(expected.rejected)} rejected records: ${count(expected.differences)} differences.`,
                ]
              : []),
            ok
              ? context.paint('green', 'Proved: every record is accounted for.')
              : context.paint('red', `Not proved: ${count(problems.length)} problems.`),
          ],
        );
        return ok ? 0 : 1;

        async function compare() {
          const folder = existsSync(join(directory!, 'expected')) ? join(directory!, 'expected') : directory!;
          const engine = await openEngine(lake.root);
          try {
            return await compareExpected(lake, engine, folder);
          } finally {
            await engine.close();
          }
        }
      }),
    );
}

function problemLine({ subject, message }: Problem): string {
  return `${printable(subject)}: ${printable(message)}`;
}
