import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Random } from '@pulselake/generators';
import { DuckDbQueryEngine } from '@pulselake/lake';
import { contentOf } from '../faults/lake-content.js';
import { type CommandResult, runCommand } from '../faults/run-command.js';
import type { Kind } from '../faults/small-inputs.js';
import { type AnyFile, anyFile, type Originals, recordsIn } from './any-file.js';

/** Runs a command: in this process, or as a program. */
export type Runner = (args: readonly string[], stdin?: Buffer) => Promise<CommandResult>;

export const inThisProcess: Runner = (args, stdin) => {
  const chunks = async function* () {
    if (stdin) yield await Promise.resolve(stdin as unknown as string);
  };
  return runCommand(args, { stdin: chunks() });
};

/** What `ingest … --json` prints. */
interface IngestDocument {
  readonly inputs: readonly { readonly path: string; readonly status: string; readonly message?: string }[];
  readonly counts: Readonly<Record<'read' | 'accepted' | 'duplicate' | 'external' | 'outOfRange' | 'rejected', number>>;
  readonly rejectedByReason: Readonly<Record<string, number>>;
}

/** Figures of a fuzz. */
export interface CommandTally {
  cases: number;
  files: number;
  failed: number;
  records: number;
  rejected: number;
  slowestMs: number;
}

const KINDS: readonly Kind[] = ['metrics', 'events', 'logs'];
const SLOWEST_MS = 20_000;

/** Commands on damaged files, some dozen on one lake, which is proved after them. */
export class CommandFuzz {
  readonly tally: CommandTally = { cases: 0, files: 0, failed: 0, records: 0, rejected: 0, slowestMs: 0 };
  readonly #folder: string;
  readonly #originals: Originals;

  constructor(folder: string, originals: Originals) {
    this.#folder = folder;
    this.#originals = originals;
  }

  /** Runs so many commands on a new lake, then proves it. @throws Error when anything is not as documented */
  async batch(cases: number, random: Random, run: Runner): Promise<void> {
    const inputs = join(this.#folder, 'inputs');
    const root = join(this.#folder, 'lake');
    for (const folder of [inputs, root]) rmSync(folder, { recursive: true, force: true });
    mkdirSync(inputs);
    const rejected: Record<string, number> = {};
    for (let done = 0; done < cases; done++) {
      if (random.chance(0.05)) await this.#misnamed(root, join(inputs, `${done}.not-there`), random, run);
      const document = await this.#command(root, inputs, `${done}`, random, run);
      for (const [reason, rows] of Object.entries(document.rejectedByReason))
        rejected[reason] = (rejected[reason] ?? 0) + rows;
    }
    await this.#prove(root, rejected, run);
  }

  /** A file that is not there: said in a line, without a stack. */
  async #misnamed(root: string, path: string, random: Random, run: Runner): Promise<void> {
    const { exitCode, stdout, stderr } = await run(['--lake', root, 'ingest', random.pick(KINDS), path, '--json']);
    if (exitCode === 1 && stdout === '' && stderr === `${path}: there is no such file.\n`) return;
    throw new Error(`a missing file: exit code ${exitCode}, ${stdout}${stderr}`);
  }

  async #command(root: string, inputs: string, name: string, random: Random, run: Runner): Promise<IngestDocument> {
    const kind = random.pick(KINDS);
    const files = Array.from({ length: random.pick([1, 1, 2, 4]) }, (_, index) =>
      anyFile(kind, `${name}-${index}`, this.#originals, random),
    );
    const isPiped = kind === 'events' && random.chance(0.2);
    for (const file of files) writeFileSync(join(inputs, file.name), file.bytes);
    const isStrict = random.chance(0.5);
    const args = [
      ...['--lake', root, 'ingest', kind, '--json', ...(isStrict ? ['--strict'] : [])],
      ...(kind === 'events' && random.chance(0.3) ? ['--mode', random.pick(['bounded', 'streaming'])] : []),
      ...(kind === 'logs' && random.chance(0.2) ? ['--date', '2024-03-01'] : []),
      ...(isPiped ? ['-'] : files.map((file) => join(inputs, file.name))),
    ];
    const started = performance.now();
    const result = await run(args, isPiped ? files[0]!.bytes : undefined);
    const tookMs = performance.now() - started;
    const fail = (what: string): never => {
      const shown = files.map((file) => `${file.name} ${file.bytes.toString('base64')}`).join('\n');
      throw new Error(
        `${what}\n${args.join(' ')}\nexit code ${result.exitCode}\n${result.stdout}${result.stderr}\n${shown}`,
      );
    };
    if (tookMs > SLOWEST_MS) fail(`it takes ${Math.round(tookMs)} ms`);
    if (/^\s+at .+:\d+|bug in pulselake/m.test(result.stdout + result.stderr))
      fail('it shows a stack, or blames a bug');
    if (result.stdout === '') return fail('it prints no document');
    const document = JSON.parse(result.stdout) as IngestDocument;
    const fault =
      documentFault(document, result.exitCode, isStrict) ?? (isPiped ? undefined : recordsFault(kind, files, document));
    if (fault !== undefined) fail(fault);
    const { tally } = this;
    tally.cases++;
    tally.files += files.length;
    tally.failed += document.inputs.filter(({ status }) => status === 'failed').length;
    tally.records += document.counts.read;
    tally.rejected += document.counts.rejected;
    tally.slowestMs = Math.max(tally.slowestMs, Math.ceil(tookMs));
    return document;
  }

  async #prove(root: string, rejected: Readonly<Record<string, number>>, run: Runner): Promise<void> {
    const verified = await run(['--lake', root, 'verify']);
    if (verified.exitCode !== 0) throw new Error(`verify: ${verified.stdout}${verified.stderr}`);
    const held = await rejectedRows(root);
    if (JSON.stringify(held) !== JSON.stringify(sorted(rejected))) {
      throw new Error(`rejected: ${JSON.stringify(sorted(rejected))}, but the lake holds ${JSON.stringify(held)}`);
    }
    // What cannot be read stays where it is, however often it is tried; nothing counts twice.
    const contents = [];
    for (let times = 0; times < 2; times++) {
      const redriven = await run(['--lake', root, 'redrive']);
      if (redriven.exitCode !== 0) throw new Error(`redrive: ${redriven.stdout}${redriven.stderr}`);
      contents.push(await contentOf(root));
    }
    if (contents[0] !== contents[1]) throw new Error('a second redrive changes the lake');
    const again = await run(['--lake', root, 'verify']);
    if (again.exitCode !== 0) throw new Error(`verify after redrive: ${again.stdout}${again.stderr}`);
  }
}

function documentFault({ inputs, counts, rejectedByReason }: IngestDocument, exitCode: number, isStrict: boolean) {
  const { read, accepted, duplicate, external, outOfRange, rejected } = counts;
  if (read !== accepted + duplicate + external + outOfRange + rejected) return 'it does not balance';
  if (Object.values(rejectedByReason).reduce((sum, rows) => sum + rows, 0) !== rejected)
    return 'the reasons do not add up';
  const failed = inputs.filter(({ status }) => status === 'failed');
  const nameless = failed.find(({ path, message }) => message?.includes(path) !== true);
  if (nameless) return `the message for ${nameless.path} does not name it`;
  const expected = failed.length > 0 ? 1 : isStrict && rejected > 0 ? 3 : 0;
  return exitCode === expected ? undefined : `the exit code must be ${expected}`;
}

/** Holds what was read against the records of the files, counted by other means. */
function recordsFault(kind: Kind, files: readonly AnyFile[], { inputs, counts }: IngestDocument): string | undefined {
  if (inputs.length !== files.length && inputs.length === 0) return 'no input is told of';
  let records = 0;
  for (const { path, status } of inputs) {
    if (status !== 'ingested') continue;
    const file = files.find(({ name }) => name === basename(path));
    const own = file && recordsIn(kind, file);
    if (own === undefined) return undefined;
    records += own;
  }
  return records === counts.read ? undefined : `${records} records are in the files`;
}

async function rejectedRows(root: string): Promise<Record<string, number>> {
  const engine = await DuckDbQueryEngine.open(root);
  try {
    const { rows } = await engine.query('SELECT reason, count(*) FROM rejected_records GROUP BY reason');
    return sorted(Object.fromEntries(rows.map(([reason, count]) => [reason as string, Number(count)])));
  } finally {
    await engine.close();
  }
}

function sorted(counts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
}
