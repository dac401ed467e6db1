import { join } from 'node:path';
import type { Stage } from './crash-loop.js';
import { type Kind, KINDS, linesOf, SmallInput } from './small-inputs.js';
import { type CommandOptions, NOW_MS, runCommand } from './run-command.js';

/** A stage that is nothing but commands. */
export interface CommandStage extends Stage {
  /** Their arguments without the lake. */
  readonly commands: readonly (readonly string[])[];
  /** What arrives at the standard input of each, default nothing. */
  readonly stdin?: string;
  /** Milliseconds between two lines of it; default none, all arrives at once. */
  readonly lineEveryMs?: number;
}

/** What a stream's journal is kept in. */
const STEPS = /steps-\d+\.log$/;

/** Lets the timers of a stream run as if so many milliseconds had passed. */
export type PassTime = (ms: number) => void;

/** Commands that are run one after the other; again, they find what is there already. */
function commandStage(
  name: string,
  commands: readonly (readonly string[])[],
  prepare?: (root: string) => Promise<void>,
): CommandStage {
  return {
    name,
    ...(prepare && { prepare }),
    commands,
    async run(root, files) {
      for (const args of commands) if ((await runCommand(['--lake', root, ...args], { files })).exitCode !== 0) return;
    },
    async runAgain(root) {
      for (const args of commands) await succeed(root, args);
    },
  };
}

/** Ingests a file that has grown, and another one: the second commit follows the first. */
function ingestStage(kind: Kind, folder: string): CommandStage {
  const grown = new SmallInput(join(folder, kind), kind, 'grown', 1);
  const second = new SmallInput(join(folder, kind), kind, 'second', 2).write();
  const commands = [grown.path, second.path].map((path) => ['ingest', kind, path]);
  return commandStage(kind, commands, async (root) => {
    await succeed(root, ['ingest', kind, grown.write(40).path]);
    grown.write();
  });
}

/** The first ingest of a lake, the making of its folder included. */
function firstIngestStage(folder: string): CommandStage {
  const { path } = new SmallInput(join(folder, 'first'), 'metrics', 'first', 1).write();
  return commandStage('new-lake', [['ingest', 'metrics', path]]);
}

/** A command on a lake that holds two inputs of each kind, with rejected and late records. */
function upkeepStage(name: string, args: readonly string[], folder: string): CommandStage {
  const inputs = KINDS.flatMap((kind) => [1, 2].map((seed) => ({ kind, input: inputOf(folder, kind, seed).write() })));
  return commandStage(name, [args], async (root) => {
    for (const { kind, input } of inputs) {
      await succeed(root, ['ingest', kind, input.path, ...(kind === 'events' ? ['--mode', 'streaming'] : [])]);
    }
  });
}

const inputOf = (folder: string, kind: Kind, seed: number) =>
  new SmallInput(join(folder, 'upkeep'), kind, `input-${seed}`, seed);

/** What takes the files that lie in `landing/`. */
export function landingStage(folder: string): CommandStage {
  return commandStage('landing', [['start', '--once']], async (root) => {
    const first = new SmallInput(join(folder, 'landing'), 'metrics', 'first', 3).write();
    await succeed(root, ['ingest', 'metrics', first.path]);
    new SmallInput(join(root, 'landing/metrics/dt=2024-03-03'), 'metrics', 'landed', 4).write();
    new SmallInput(join(root, 'landing/access-logs/dt=2024-03-03'), 'logs', 'landed', 4).write();
  });
}

/** Every stage of commands. `folder` is where their inputs lie. */
export function commandStages(folder: string): CommandStage[] {
  const forgotten = inputOf(folder, 'metrics', 1).path;
  return [
    firstIngestStage(folder),
    ...KINDS.map((kind) => ingestStage(kind, folder)),
    upkeepStage('compact', ['compact'], folder),
    upkeepStage('redrive', ['redrive', '--reason', 'late'], folder),
    upkeepStage('prune', ['prune', '--before', '2024-03-02'], folder),
    upkeepStage('forget', ['forget', forgotten], folder),
  ];
}

/**
 * A stream on standard input, which cannot be read again: what was synced when the power was cut must be there, and the
 * rest is sent again.
 */
export function streamStage(passTime: PassTime): CommandStage {
  const lines = linesOf('events', 3);
  const batches = Array.from({ length: 4 }, (_, index) => lines.slice(index * 15, index * 15 + 15));
  let safe = 0;
  return {
    name: 'stream',
    commands: [['ingest', 'events', '-']],
    stdin: lines.map((line) => `${line}\n`).join(''),
    async run(root, files) {
      safe = 0;
      let nowMs = NOW_MS;
      async function* send() {
        for (const batch of batches) {
          yield `${batch.join('\n')}\n`;
          // The journal is synced every 200 ms, and windows are committed every 5 s.
          nowMs += 6000;
          for (let waits = 0; !files.isSafe(batch.at(-1)!, STEPS) && !files.isCut; waits++) {
            if (waits > 2000) throw new Error('The journal is not synced.');
            passTime(1000);
            await new Promise((resolve) => setImmediate(resolve));
          }
          if (files.isCut) return;
          safe += batch.length;
        }
      }
      await runCommand(['--lake', root, 'ingest', 'events', '-'], { files, stdin: send(), clock: () => nowMs });
    },
    async runAgain(root) {
      const read = await sendRest(root, lines);
      if (read < safe) throw new Error(`${safe} events were synced; the lake has ${read} of them.`);
    },
  };
}

/** A stream that arrives at once and ends, as a command. */
export function streamCommandStage(): CommandStage {
  const lines = linesOf('events', 3);
  return {
    ...commandStage('stream', [['ingest', 'events', '-']]),
    stdin: `${lines.join('\n')}\n`,
    runAgain: async (root) => {
      await sendRest(root, lines);
    },
  };
}

/** A stream that arrives line by line: it commits on its way, and not only at its end. */
export function slowStreamStage(): CommandStage {
  return { ...streamCommandStage(), name: 'slow-stream', lineEveryMs: 120 };
}

/** Lets the lake take what a stream left in its journal, and sends what it had not read. @returns how many lines it had read */
async function sendRest(root: string, lines: readonly string[]): Promise<number> {
  await succeed(root, ['ingest', 'events', '-']);
  const { stdout } = await succeed(root, ['runs', '--json']);
  const { runs } = JSON.parse(stdout) as { runs: { counts: { read: number } }[] };
  const read = runs.reduce((sum, run) => sum + run.counts.read, 0);
  const rest = lines.slice(read).map((line) => `${line}\n`);
  await succeed(root, ['ingest', 'events', '-'], { stdin: toStream(rest) });
  return read;
}

async function* toStream(texts: readonly string[]): AsyncGenerator<string> {
  for (const text of texts) yield await Promise.resolve(text);
}

/** Runs a command in this process. @throws when it fails */
export async function succeed(root: string, args: readonly string[], options: CommandOptions = {}) {
  const result = await runCommand(['--lake', root, ...args], options);
  // What is forgotten already is not known any more.
  if (args[0] === 'forget' && result.stderr.includes('nor an address that the lake knows')) return result;
  if (result.exitCode !== 0) throw new Error(`pulselake ${args.join(' ')}: ${result.stderr}`);
  return result;
}
