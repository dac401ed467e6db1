import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { linesOf, SmallInput } from '../faults/small-inputs.js';
import { type CommandResult, runCommand } from '../faults/run-command.js';

/** The files below a folder, as paths in it. */
export function filesBelow(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();
}

/** A lake of several days that all pipelines have filled, rejected records and a failed run among it. */
export async function makeFullLake(root: string, inputs: string): Promise<void> {
  const done = (result: CommandResult, exitCode = 0) => {
    if (result.exitCode !== exitCode) throw new Error(`A command ended with ${result.exitCode}: ${result.stderr}`);
  };
  for (const kind of ['metrics', 'events', 'logs'] as const) {
    for (const seed of [1, 2]) {
      const { path } = new SmallInput(inputs, kind, `${kind}-${seed}`, seed).write();
      done(await runCommand(['--lake', root, 'ingest', kind, path]));
    }
  }
  const stream = async function* () {
    for (const line of [...linesOf('events', 3), '{']) yield await Promise.resolve(`${line}\n`);
  };
  done(await runCommand(['--lake', root, 'ingest', 'events', '-'], { stdin: stream() }));
  const { path } = new SmallInput(inputs, 'events', 'no-metrics', 4).write();
  done(await runCommand(['--lake', root, 'ingest', 'metrics', path.replace('.ndjson', '.txt')]), 1);
  done(await runCommand(['--lake', root, 'ingest', 'logs', '--include-users', '--force', join(inputs, '*.txt')]));
}
